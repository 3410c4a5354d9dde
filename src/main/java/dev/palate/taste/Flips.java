package dev.palate.taste;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The loaded labels solved many times over, each label's chosen and rejected swapped or not by a
 * coin: 64 problems that differ by signs alone, side by side, so that every loop runs over problems
 * and a processor's vectors hold several of them.
 *
 * <p><b>Method.</b> No label bends the objective by more than {@code g s^2 / 4}; with that
 * curvature for all labels one matrix is above every problem's Hessian everywhere, and the step by
 * its inverse goes down in each of them without a search (Böhning and Lindsay, Monotonicity of
 * quadratic approximation algorithms, 1988). It is exact at the optimum whatever the matrix, and
 * near where labels are weighed against a prior: a few rounds leave less than a hundredth of the
 * posterior's standard deviation, where the 95th percentile of 64 draws is itself uncertain by a
 * tenth. A problem that is not there after {@value #ROUNDS} rounds is solved by {@link Minimizer}.
 *
 * <p><b>Same labels, same bits.</b> The logistic function is summed and squared in plain
 * arithmetic, in one order, like all else ({@link Rows}).
 */
final class Flips {

  /** How many problems. */
  static final int COUNT = 64;

  private static final int ROUNDS = 24;

  /** Of the squared step, in posterior standard deviations. */
  private static final double STEP = 1e-5;

  /** e^-z is (e^(-z/256))^256: eight squarings of a short series. */
  private static final double PART = 1.0 / 256;

  private static final double FARTHEST = 30;

  private final int k;
  private final double[][] bound;
  private final double[][] inverse;
  private final double[][] half;
  private final double[][] x;
  private final double[][] gradient;
  private final double[][] axes;
  private final double[] scales;
  private final double[] step = new double[COUNT];
  private final double[] left = new double[COUNT];
  private double[][] signs = {};
  private double[][] pulls = {};
  private Point curved;

  Flips(int k) {
    this.k = k;
    this.bound = new double[k][k];
    this.inverse = new double[k][k];
    this.half = new double[k][k];
    this.x = new double[k][COUNT];
    this.gradient = new double[k][COUNT];
    this.axes = new double[k][k];
    this.scales = new double[k];
    this.curved = new Point(k);
  }

  /**
   * How far from the prior's mean each problem shifts each expert, into {@code double[k][COUNT]}.
   */
  void distances(Objective objective, Minimizer minimizer, double[][] distances) {
    int n = objective.labelCount();
    reserve(n);
    toss(n);
    invertBound(objective, n);
    for (int j = 0; j < objective.size(); j++) {
      Arrays.fill(x[j], 0);
    }
    boolean there = false;
    for (int round = 0; round < ROUNDS && !there; round++) {
      there = descend(objective, n);
    }
    if (!there) {
      finishAlone(objective, minimizer, n);
    }
    measure(objective, distances);
  }

  private void reserve(int n) {
    if (signs.length < n) {
      int capacity = Math.max(n, 2 * signs.length);
      signs = new double[capacity][COUNT];
      pulls = new double[capacity][COUNT];
    }
    curved.reserve(n);
  }

  /** The coins are fixed by K and n. */
  private void toss(int n) {
    SplittableRandom coins = new SplittableRandom(31L * n + k);
    for (int problem = 0; problem < COUNT; problem++) {
      for (int i = 0; i < n; i++) {
        signs[i][problem] = coins.nextBoolean() ? 1 : -1;
      }
    }
  }

  private void invertBound(Objective objective, int n) {
    int size = objective.size();
    double s = objective.likelihood().scale();
    for (int i = 0; i < n; i++) {
      curved.bends[i] = objective.strength(i) * s * s / 4;
    }
    objective.hessian(curved, true, bound);
    Cholesky.factor(bound, size, objective.priorFactor());
    for (int j = 0; j < size; j++) {
      Arrays.fill(half[j], 0, size, 0);
      half[j][j] = 1;
      Arrays.fill(inverse[j], 0, size, 0);
    }
    Cholesky.forwardAll(bound, size, half, size, true);
    for (int j = 0; j < size; j++) {
      for (int i = 0; i < size; i++) {
        scales[i] = half[i][j];
      }
      Rows.add(inverse[j], 0, size, scales, half, size);
    }
  }

  /**
   * One step of all problems.
   *
   * @return whether the next would be too short to matter, in every one
   */
  private boolean descend(Objective objective, int n) {
    int size = objective.size();
    for (int i = 0; i < n; i++) {
      Arrays.fill(pulls[i], objective.offset(i));
      Rows.add(pulls[i], 0, COUNT, objective.direction(i), x, objective.reach(i));
      pull(pulls[i], signs[i], objective.strength(i), objective.likelihood());
    }
    for (int j = 0; j < size; j++) {
      double[] slope = gradient[j];
      if (objective.spanned()) {
        System.arraycopy(x[j], 0, slope, 0, COUNT);
      } else {
        Arrays.fill(slope, 0);
        Rows.add(slope, 0, COUNT, objective.precision(j), x, size);
      }
      Rows.add(slope, 0, COUNT, objective.column(j), pulls, n);
    }
    Arrays.fill(left, 0);
    for (int j = 0; j < size; j++) {
      Arrays.fill(step, 0);
      Rows.add(step, 0, COUNT, inverse[j], gradient, size);
      double[] at = x[j];
      double[] slope = gradient[j];
      for (int problem = 0; problem < COUNT; problem++) {
        at[problem] -= step[problem];
        left[problem] += step[problem] * slope[problem];
      }
    }
    return farthest() <= STEP;
  }

  private double farthest() {
    double most = 0;
    for (double squared : left) {
      most = squared <= most ? most : squared;
    }
    return most;
  }

  /** Replaces personal margins by how much the label's direction enters the gradient. */
  private static void pull(
      double[] margins, double[] signs, double strength, Likelihood likelihood) {
    double s = likelihood.scale();
    double e = likelihood.labelNoise();
    double kept = 1 - 2 * e;
    double most = -strength * s * kept;
    for (int problem = 0; problem < COUNT; problem++) {
      double z = Math.max(-FARTHEST, Math.min(FARTHEST, s * signs[problem] * margins[problem]));
      double u = -z * PART;
      double power = 1 + u * (1 + u * (0.5 + u * (1.0 / 6 + u * (1.0 / 24))));
      power *= power;
      power *= power;
      power *= power;
      power *= power;
      power *= power;
      power *= power;
      power *= power;
      power *= power;
      // won = 1 / (1 + power); slope = kept won lost / (e + kept won)
      double whole = 1 + power;
      margins[problem] = most * signs[problem] * power / (whole * (e * whole + kept));
    }
  }

  private void finishAlone(Objective objective, Minimizer minimizer, int n) {
    minimizer.beginMany();
    for (int problem = 0; problem < COUNT; problem++) {
      if (left[problem] <= STEP) {
        continue;
      }
      for (int i = 0; i < n; i++) {
        objective.sign(i, signs[i][problem]);
      }
      minimizer.minimize(1e-8);
      for (int j = 0; j < objective.size(); j++) {
        x[j][problem] = minimizer.point().x[j];
      }
    }
    for (int i = 0; i < n; i++) {
      objective.sign(i, 1);
    }
  }

  private void measure(Objective objective, double[][] distances) {
    int size = objective.size();
    objective.sensitivity(axes);
    for (int j = 0; j < k; j++) {
      double[] row = distances[j];
      for (int i = 0; i < size; i++) {
        scales[i] = axes[i][j];
      }
      Arrays.fill(row, 0);
      Rows.add(row, 0, COUNT, scales, x, size);
      for (int problem = 0; problem < COUNT; problem++) {
        row[problem] = Math.abs(row[problem]);
      }
    }
  }
}
