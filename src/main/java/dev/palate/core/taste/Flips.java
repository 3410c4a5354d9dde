package dev.palate.core.taste;

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
 * <p><b>In labels' terms.</b> With W the bound's curvatures, p the labels' pulls and m = A x, the
 * step from x comes out at {@code x = H^-1 A' q, q = W m - p}, whatever the prior. So a round is
 * {@code m = C q, C = A H^-1 A'}, and x itself is not needed until the end. The step was, in
 * posterior standard deviations, {@code dq . dm} squared.
 *
 * <p><b>Same labels, same bits.</b> The logistic function is summed and squared in plain
 * arithmetic, in one order, like all else ({@link Rows}).
 */
final class Flips {

  /** How many problems. */
  static final int COUNT = 64;

  private static final int ROUNDS = 24;

  /** Of the squared step, in posterior standard deviations. */
  private static final double STEP = 1e-4;

  /** e^-z is (e^(-z/256))^256: eight squarings of a short series. */
  private static final double PART = 1.0 / 256;

  private static final double FARTHEST = 30;

  private final int k;
  private final double[][] bound;
  private final double[][] half;
  private final double[][] x;
  private final double[] scales;
  private final double[] left = new double[COUNT];
  private final Point curved;
  private int tossed = -1;
  private double[][] signs = {};
  private double[][] margins = {};
  private double[][] pulls = {};
  private final double[] before = new double[COUNT];
  private double[][] changes = {};
  private double[][] towards = {};
  private double[][] reached = {};

  Flips(int k) {
    this.k = k;
    this.bound = new double[k][k];
    this.half = new double[k][];
    this.x = new double[k][COUNT];
    this.scales = new double[k];
    this.curved = new Point(k);
  }

  /** Solves the problems of the labels that the objective holds, which are left as they were. */
  void solve(Objective objective, Minimizer minimizer) {
    int n = objective.labelCount();
    reserve(n);
    toss(n);
    bound(objective, n);
    for (int i = 0; i < n; i++) {
      Arrays.fill(margins[i], 0);
      Arrays.fill(pulls[i], 0);
    }
    boolean there = false;
    for (int round = 0; round < ROUNDS && !there; round++) {
      there = descend(objective, n);
    }
    for (int j = 0; j < objective.size(); j++) {
      Rows.set(x[j], COUNT, towards[j], pulls, n);
    }
    if (!there) {
      finishAlone(objective, minimizer, n);
    }
  }

  private void reserve(int n) {
    curved.reserve(n);
    if (signs.length < n) {
      int capacity = Math.max(n, 2 * signs.length);
      signs = new double[capacity][COUNT];
      margins = new double[capacity][COUNT];
      pulls = new double[capacity][COUNT];
      changes = new double[capacity][COUNT];
      towards = new double[k][capacity];
      reached = new double[Math.min(capacity, k)][Math.min(capacity, k)];
      for (int j = 0; j < k; j++) {
        half[j] = new double[capacity];
      }
    }
  }

  /** The coins are fixed by K and n: users of as many labels share them. */
  private void toss(int n) {
    if (tossed == n) {
      return;
    }
    tossed = n;
    SplittableRandom coins = new SplittableRandom(31L * n + k);
    for (int problem = 0; problem < COUNT; problem++) {
      for (int i = 0; i < n; i++) {
        signs[i][problem] = coins.nextBoolean() ? 1 : -1;
      }
    }
  }

  /** The bound's factor R, and from Y = R'^-1 A' both H^-1 A' and, where labels are few, C. */
  private void bound(Objective objective, int n) {
    int size = objective.size();
    double s = objective.likelihood().scale();
    for (int i = 0; i < n; i++) {
      curved.bends[i] = objective.strength(i) * s * s / 4;
    }
    objective.hessian(curved, true, bound);
    Cholesky.factor(bound, size, objective.priorFactor());
    for (int j = 0; j < size; j++) {
      System.arraycopy(objective.column(j), 0, half[j], 0, n);
    }
    Cholesky.forwardAll(bound, size, half, n, false);
    if (n <= size) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < size; j++) {
          scales[j] = half[j][i];
        }
        Rows.set(reached[i], n, scales, half, size);
      }
    }
    for (int j = size - 1; j >= 0; j--) {
      double[] row = towards[j];
      System.arraycopy(half[j], 0, row, 0, n);
      for (int l = j + 1; l < size; l++) {
        Rows.addOne(row, 0, n, -bound[j][l], towards[l]);
      }
      double by = 1 / bound[j][j];
      for (int i = 0; i < n; i++) {
        row[i] *= by;
      }
    }
  }

  /**
   * One step of all problems.
   *
   * @return whether it was too short to matter, in every one
   */
  private boolean descend(Objective objective, int n) {
    double s = objective.likelihood().scale();
    for (int i = 0; i < n; i++) {
      double strength = objective.strength(i);
      pull(margins[i], objective.offset(i), signs[i], strength, objective.likelihood(), changes[i]);
      settle(margins[i], strength * s * s / 4, pulls[i], changes[i]);
    }
    boolean direct = n <= objective.size();
    for (int j = 0; !direct && j < objective.size(); j++) {
      Rows.set(x[j], COUNT, towards[j], pulls, n);
    }
    Arrays.fill(left, 0);
    for (int i = 0; i < n; i++) {
      System.arraycopy(margins[i], 0, before, 0, COUNT);
      if (direct) {
        Rows.set(margins[i], COUNT, reached[i], pulls, n);
      } else {
        Rows.set(margins[i], COUNT, objective.direction(i), x, objective.size());
      }
      double[] at = margins[i];
      double[] change = changes[i];
      for (int problem = 0; problem < COUNT; problem++) {
        left[problem] += change[problem] * (at[problem] - before[problem]);
      }
    }
    return farthest() <= STEP;
  }

  /** q, and by how much it has changed; {@code changes} holds p before. */
  private static void settle(double[] margins, double bend, double[] pulls, double[] changes) {
    for (int problem = 0; problem < COUNT; problem++) {
      double now = bend * margins[problem] - changes[problem];
      changes[problem] = now - pulls[problem];
      pulls[problem] = now;
    }
  }

  private double farthest() {
    double most = 0;
    for (double squared : left) {
      most = Math.max(most, squared);
    }
    return most;
  }

  /** How much a label's direction enters each problem's gradient. */
  private static void pull(
      double[] margins,
      double offset,
      double[] signs,
      double strength,
      Likelihood likelihood,
      double[] to) {
    double s = likelihood.scale();
    double e = likelihood.labelNoise();
    double kept = 1 - 2 * e;
    double most = -strength * s * kept;
    for (int problem = 0; problem < COUNT; problem++) {
      double margin = s * signs[problem] * (offset + margins[problem]);
      double u = Math.max(-FARTHEST, Math.min(FARTHEST, margin)) * -PART;
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
      to[problem] = most * signs[problem] * power / (whole * (e * whole + kept));
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

  /** Coordinate i of each problem's optimum, {@code double[COUNT]}. */
  double[] optima(int i) {
    return x[i];
  }
}
