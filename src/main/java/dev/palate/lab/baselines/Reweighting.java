package dev.palate.lab.baselines;

import dev.palate.lab.judge.LinearRule;

/**
 * Multiplicative weights over heads, {@code w_k ~ exp(-eta sum_i log(1 + exp(-s D_ik)))}: Hedge
 * with eta = 0.3 (MiCRo, arXiv 2505.24846), HyRe with eta = 1 (arXiv 2412.08812).
 *
 * @param scale s, with which a head's margin is taken for a log-odds
 */
record Reweighting(int heads, double eta, double scale) implements LinearRule.Weights {

  static final double HEDGE = 0.3;
  static final double HYRE = 1;

  @Override
  public double[] of(float[][] labels) {
    double[] logWeights = new double[heads];
    penalize(logWeights, labels, eta, scale);
    softmax(logWeights);
    return logWeights;
  }

  /** Takes eta times each head's loss on the labels from its log-weight. */
  static void penalize(double[] logWeights, float[][] labels, double eta, double scale) {
    for (float[] margins : labels) {
      for (int k = 0; k < logWeights.length; k++) {
        logWeights[k] -= eta * softplus(-scale * margins[k]);
      }
    }
  }

  /** In place. */
  static void softmax(double[] values) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (int k = 0; k < values.length; k++) {
      values[k] = Math.exp(values[k] - max);
      sum += values[k];
    }
    for (int k = 0; k < values.length; k++) {
      values[k] /= sum;
    }
  }

  static double softplus(double z) {
    return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  }

  static double sigmoid(double z) {
    return 1 / (1 + Math.exp(-z));
  }
}
