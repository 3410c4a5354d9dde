package dev.palate.server.store;

/**
 * What a solve found.
 *
 * @param shift d, {@code float[k]}
 * @param uncertainty {@code float[k]}
 * @param significant {@code boolean[k]}
 * @param agreement NaN without preferences
 * @param labels how many the solve saw
 */
public record SolvedWeights(
    String modelVersion,
    float[] shift,
    float[] uncertainty,
    boolean[] significant,
    double agreement,
    int labels) {}
