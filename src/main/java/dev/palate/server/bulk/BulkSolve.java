package dev.palate.server.bulk;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a bulk solve is.
 *
 * @param users whose weights were behind when it started
 * @param done how many of them it is through with
 * @param failed how many of these it left to their own job, which tries again
 * @param finishedAt null: it goes on
 * @param now by the clock that {@code startedAt} is of
 */
record BulkSolve(
    long id,
    String modelVersion,
    long users,
    long done,
    long failed,
    Instant startedAt,
    @Nullable Instant finishedAt,
    Instant now) {}
