package dev.palate.taste;

import java.util.Arrays;

/**
 * How far shifts go when labels say nothing: the same user solved again with each label's chosen
 * and rejected swapped or not by a coin. A shift beyond 95 % of those is significant.
 *
 * <p>The coins are fixed by K and n, and fall on labels in canonical order, so that significance
 * too is the same on every instance.
 */
final class NullBand {

  private static final double LEVEL = 0.95;

  /** How many of the problems lie beyond the band. */
  private static final int BEYOND = Flips.COUNT - (int) Math.ceil(LEVEL * Flips.COUNT);

  private final Flips flips;
  private final double[][] distances;
  private final double[] most = new double[BEYOND + 1];

  NullBand(int k) {
    this.flips = new Flips(k);
    this.distances = new double[k][Flips.COUNT];
  }

  /**
   * Half the band's width around the prior's mean, {@code double[k]}, for the labels that the
   * objective holds, which are left as they were.
   */
  double[] width(Objective objective, Minimizer minimizer) {
    flips.distances(objective, minimizer, distances);
    double[] width = new double[distances.length];
    for (int j = 0; j < width.length; j++) {
      width[j] = largestWithin(distances[j]);
    }
    return width;
  }

  /** The largest value but for those beyond the band: a few are kept in order. */
  private double largestWithin(double[] values) {
    Arrays.fill(most, Double.NEGATIVE_INFINITY);
    for (double value : values) {
      if (value > most[BEYOND]) {
        int at = BEYOND;
        for (; at > 0 && most[at - 1] < value; at--) {
          most[at] = most[at - 1];
        }
        most[at] = value;
      }
    }
    return most[BEYOND];
  }
}
