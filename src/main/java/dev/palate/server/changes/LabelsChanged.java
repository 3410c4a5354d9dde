package dev.palate.user;

/** Published inside the transaction that changes a user's labels. */
record LabelsChanged(UserId user) {}
