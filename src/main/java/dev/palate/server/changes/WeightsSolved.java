package dev.palate.server.changes;

import dev.palate.server.store.UserId;

/** Published after new weights are committed. */
public record WeightsSolved(UserId user, String modelVersion, long solvedSeq) {}
