package dev.palate.core.taste;

import java.util.Arrays;

/**
 * How far shifts go when labels say nothing: the same user solved again with each label's chosen
 * and rejected swapped or not by a coin, near enough to judge by ({@link Flips}). A shift beyond 95
 * % of those is significant.
 *
 * <p>The coins are fixed by K and n, and fall on labels in canonical order, so that significance
 * too is the same on every instance.
 */
final class NullBand {

  private static final double LEVEL = 0.95;

  /** How many of the problems lie beyond the band. */
  private static final int BEYOND = Flips.COUNT - (int) Math.ceil(LEVEL * Flips.COUNT);

  private final int k;
  private final Flips flips;
  private final double[] scales;
  private final double[] distances;
  private final double[][] largest;

  NullBand(int k) {
    this.k = k;
    this.flips = new Flips(k);
    this.scales = new double[k];
    this.distances = new double[k];
    this.largest = new double[BEYOND + 1][k];
  }

  /**
   * Half the band's width around the prior's mean, {@code double[k]}, for the labels that the
   * objective holds, which are left as they were.
   *
   * @param axes the objective's {@link Objective#sensitivity}
   */
  double[] width(Objective objective, Minimizer minimizer, double[][] axes) {
    flips.solve(objective, minimizer);
    for (double[] row : largest) {
      Arrays.fill(row, 0);
    }
    int size = objective.size();
    for (int problem = 0; problem < Flips.COUNT; problem++) {
      for (int i = 0; i < size; i++) {
        scales[i] = flips.optima(i)[problem];
      }
      Rows.set(distances, k, scales, axes, size);
      for (int j = 0; j < k; j++) {
        distances[j] = Math.abs(distances[j]);
      }
      for (double[] row : largest) {
        exchange(row, distances);
      }
    }
    return largest[BEYOND].clone();
  }

  /** The larger of each two stays in its row, the smaller goes on to the next. */
  private static void exchange(double[] row, double[] next) {
    for (int j = 0; j < row.length; j++) {
      double larger = Math.max(row[j], next[j]);
      next[j] = Math.min(row[j], next[j]);
      row[j] = larger;
    }
  }
}
