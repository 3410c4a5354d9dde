package dev.palate.taste;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How far shifts go when labels say nothing: the same user solved again with each label's chosen
 * and rejected swapped or not by a coin. A shift beyond 95 % of those is significant. The labels
 * stay loaded, and a factor of the Hessian at the prior's mean, which the coins do not touch,
 * starts all of them; they stop at 1e-4 standard deviations from their optimum.
 *
 * <p>The coins are fixed by K and n, and fall on labels in canonical order, so that significance
 * too is the same on every instance.
 */
final class NullBand {

  private static final int SOLVES = 64;
  private static final double LEVEL = 0.95;

  private final TasteSolver solver;

  /** Works on the labels that the solver holds, and leaves them as they were. */
  NullBand(TasteSolver solver) {
    this.solver = solver;
  }

  /** {@code boolean[k]}: the shift lies outside the band. */
  boolean[] outside(double[] shift) {
    double[] mean = solver.mean();
    double[] width = width();
    boolean[] outside = new boolean[mean.length];
    for (int j = 0; j < outside.length; j++) {
      outside[j] = Math.abs(shift[j] - mean[j]) > width[j];
    }
    return outside;
  }

  /** Half the band's width around the prior's mean, {@code double[k]}. */
  double[] width() {
    double[] mean = solver.mean();
    Objective objective = solver.objective();
    int k = mean.length;
    int n = objective.labelCount();
    SplittableRandom coins = new SplittableRandom(31L * n + k);
    double[][] distances = new double[k][SOLVES];
    double[] shift = new double[k];
    solver.beginFlipping();
    for (int solve = 0; solve < SOLVES; solve++) {
      for (int i = 0; i < n; i++) {
        objective.sign(i, coins.nextBoolean() ? 1 : -1);
      }
      solver.flippedShift(shift);
      for (int j = 0; j < k; j++) {
        distances[j][solve] = Math.abs(shift[j] - mean[j]);
      }
    }
    for (int i = 0; i < n; i++) {
      objective.sign(i, 1);
    }
    double[] width = new double[k];
    for (int j = 0; j < k; j++) {
      Arrays.sort(distances[j]);
      width[j] = distances[j][(int) Math.ceil(LEVEL * SOLVES) - 1];
    }
    return width;
  }
}
