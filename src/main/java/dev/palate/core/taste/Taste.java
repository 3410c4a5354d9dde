package dev.palate.core.taste;

/**
 * A solved user.
 *
 * @param shift d, {@code double[k]}: added to the routing of every prompt
 * @param uncertainty {@code double[k]}: standard deviation of each shift (Laplace)
 * @param significant {@code boolean[k]}: the shift lies outside the null band of random labels
 * @param agreement share of labels (by strength) whose chosen response now gets the higher reward;
 *     NaN without labels
 * @param objective value of the minimized objective
 * @param iterations Newton steps taken
 */
public record Taste(
    double[] shift,
    double[] uncertainty,
    boolean[] significant,
    double agreement,
    double objective,
    int iterations) {}
