package dev.palate.server.store;

import java.time.Instant;

/**
 * A user's solved weights for one model version, as stored.
 *
 * @param version 1 for the first solve, rising by one with each write
 * @param solverVersion of the solver that they are of, see {@link SolverColumns}
 * @param shift d, {@code float[k]}
 * @param uncertainty {@code float[k]}
 * @param significant {@code boolean[k]}
 * @param labels how many labels the solve saw
 * @param agreement share of them the solved weights order as labelled
 * @param solvedSeq the feedback_seq the solve saw
 * @param feedbackSeq the user's feedback_seq now; greater than solvedSeq: a solve is pending
 */
public record StoredWeights(
    String modelVersion,
    long version,
    int solverVersion,
    float[] shift,
    float[] uncertainty,
    boolean[] significant,
    int labels,
    double agreement,
    long solvedSeq,
    long feedbackSeq,
    Instant solvedAt) {}
