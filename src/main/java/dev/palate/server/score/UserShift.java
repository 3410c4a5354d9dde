package dev.palate.server.score;

/**
 * The shift d that a request is scored under.
 *
 * @param shift {@code double[k]}
 * @param version of the user's weights; 0 for the prior
 */
record UserShift(ScoreAnswer.Weights weights, long version, double[] shift) {}
