package dev.palate.core.taste;

/**
 * Score tests of single experts against one null hypothesis about n labels, given other experts.
 *
 * <p>The null says that label i has probability p_i of being as it is. To first order a shift of
 * expert j changes its logarithm by {@code x_ij} times the slope by the margin, so with p'_i the
 * derivative of p_i by the margin
 *
 * <pre>z_j = sum_i g_i p'_i / p_i x_ij  /  sqrt(sum_i g_i p'_i^2 / (p_i (1 - p_i)) x_ij^2)
 * </pre>
 *
 * is standard normal under it (Rao 1948; Cox and Hinkley, Theoretical Statistics, 9.3). Given other
 * experts, x_j is replaced by what is left of it after its projection, in the information's inner
 * product, on theirs: their effect does not enter (the efficient score). A label of strength g is g
 * labels; where strengths are below 1 the test is conservative.
 */
final class ScoreStatistic {

  /** A column that keeps less than this of its squared length says nothing of its own. */
  private static final double COLLINEAR = 1e-8;

  private static final double LEAST_PROBABILITY = 1e-12;

  private int n;
  private double[] scores = {};
  private double[] roots = {};
  private double[] column = {};
  private final double[][] basis;
  private int conditions;

  ScoreStatistic(int experts) {
    this.basis = new double[experts][0];
  }

  private void reserve(int labels) {
    n = labels;
    conditions = 0;
    if (scores.length < n) {
      int capacity = Math.max(n, 2 * scores.length);
      scores = new double[capacity];
      roots = new double[capacity];
      column = new double[capacity];
      for (int i = 0; i < basis.length; i++) {
        basis[i] = new double[capacity];
      }
    }
  }

  /** The null of labels given by coins: p_i = 1/2, whatever the margins. No expert is given. */
  void coins(double[] strengths, int labels) {
    reserve(labels);
    for (int i = 0; i < n; i++) {
      scores[i] = Math.sqrt(strengths[i]);
      roots[i] = scores[i];
    }
  }

  /** The null that labels follow the likelihood at these margins. No expert is given. */
  void margins(double[] margins, double[] strengths, int labels, Likelihood likelihood) {
    reserve(labels);
    double s = likelihood.scale();
    double kept = 1 - 2 * likelihood.labelNoise();
    for (int i = 0; i < n; i++) {
      double won = Likelihood.sigmoid(s * margins[i]);
      double lost = Likelihood.sigmoid(-s * margins[i]);
      double p = Math.max(LEAST_PROBABILITY, likelihood.labelNoise() + kept * won);
      double q = Math.max(LEAST_PROBABILITY, likelihood.labelNoise() + kept * lost);
      double root = Math.sqrt(strengths[i]);
      scores[i] = root * Math.sqrt(q / p);
      roots[i] = root * kept * won * lost / Math.sqrt(p * q);
    }
  }

  /** Takes the expert of this column as given. */
  void given(double[] x) {
    double left = residual(x);
    if (left > 0) {
      double by = 1 / Math.sqrt(left);
      double[] axis = basis[conditions++];
      for (int i = 0; i < n; i++) {
        axis[i] = by * column[i];
      }
    }
  }

  /** z of the expert of this column, 0 if the experts given leave nothing of it. */
  double statistic(double[] x) {
    double left = residual(x);
    return left > 0 ? Rows.dot(scores, column, 0, n) / Math.sqrt(left) : 0;
  }

  /**
   * As {@link #statistic}, and what the experts given leave of the column, scaled to length 1 (or
   * 0), into {@code unit}.
   */
  double statistic(double[] x, double[] unit) {
    double left = residual(x);
    double by = left > 0 ? 1 / Math.sqrt(left) : 0;
    for (int i = 0; i < n; i++) {
      unit[i] = by * column[i];
    }
    return Rows.dot(scores, unit, 0, n);
  }

  /** Into {@code column}; returns its squared length, 0 where it is the rounding's. */
  private double residual(double[] x) {
    for (int i = 0; i < n; i++) {
      column[i] = roots[i] * x[i];
    }
    double whole = Rows.dot(column, column, 0, n);
    for (int c = 0; c < conditions; c++) {
      double along = Rows.dot(basis[c], column, 0, n);
      Rows.addOne(column, 0, n, -along, basis[c]);
    }
    double left = Rows.dot(column, column, 0, n);
    return left > COLLINEAR * whole && left <= Double.MAX_VALUE ? left : 0;
  }
}
