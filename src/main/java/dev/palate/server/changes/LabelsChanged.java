package dev.palate.server.changes;

import dev.palate.server.store.UserId;

/** Published inside the transaction that changes a user's labels. */
public record LabelsChanged(UserId user) {}
