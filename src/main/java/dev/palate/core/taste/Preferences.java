package dev.palate.core.taste;

import java.util.List;

/**
 * A user's preferences, ties left out, in the order of their content: what {@link Significance} and
 * the agreement are computed from. Arrays are reused from user to user and grow.
 */
final class Preferences {

  private final double[] leeway;
  private final Likelihood likelihood;
  private final int k;
  private final LabelOrder order = new LabelOrder();
  private final double[] weights;
  private int n;
  private double[] bases = {};
  private double[] strengths = {};

  /** {@code c_i D_ij}, an array for each expert. */
  private final double[][] columns;

  Preferences(double[] leeway, Likelihood likelihood) {
    this.leeway = leeway;
    this.likelihood = likelihood;
    this.k = leeway.length;
    this.weights = new double[k];
    this.columns = new double[k][0];
  }

  /**
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  void load(List<LabelMargin> labels) {
    order.sort(labels, k);
    reserve(order.size());
    n = 0;
    for (int i = 0; i < order.size(); i++) {
      LabelMargin label = order.label(i);
      if (label.tie()) {
        continue;
      }
      int shared = likelihood.sharedExperts();
      RoutingWeights.sparsifyInto(weights, label.routing(), likelihood.topM(), shared);
      double here = RoutingWeights.leewayAt(label.routing(), leeway, shared);
      double base = 0;
      for (int j = 0; j < k; j++) {
        base += weights[j] * label.margins()[j];
        columns[j][n] = here * label.margins()[j];
      }
      bases[n] = base;
      strengths[n] = label.strength();
      n++;
    }
  }

  private void reserve(int labels) {
    if (bases.length < labels) {
      int capacity = Math.max(labels, 2 * bases.length);
      bases = new double[capacity];
      strengths = new double[capacity];
      for (int j = 0; j < k; j++) {
        columns[j] = new double[capacity];
      }
    }
  }

  int count() {
    return n;
  }

  /** Their margins without a shift, b_i. */
  double[] bases() {
    return bases;
  }

  /** g_i. */
  double[] strengths() {
    return strengths;
  }

  /** How much each label's margin moves with the shift of expert j, {@code c_i D_ij}. */
  double[] column(int j) {
    return columns[j];
  }

  /** Share by strength of those whose margin is positive at a shift; NaN without any. */
  double agreement(double[] shift) {
    double agreeing = 0;
    double total = 0;
    for (int i = 0; i < n; i++) {
      double margin = bases[i];
      for (int j = 0; j < k; j++) {
        margin += columns[j][i] * shift[j];
      }
      total += strengths[i];
      agreeing += margin > 0 ? strengths[i] : 0;
    }
    return agreeing / total;
  }
}
