package dev.palate.lab.baselines;

import dev.palate.lab.judge.LinearRule;
import dev.palate.lab.judge.Rule;

/**
 * Hedge around the router: {@code w_k ~ w_k(x)^rho exp(-0.3 sum_i loss_ik)}, a user's losses
 * tilting every prompt's routing (MiCRo, arXiv 2505.24846).
 */
@SuppressWarnings("ArrayRecordComponent") // rules are never compared
record TiltedHedge(
    String name,
    float[][] margins,
    float[][] routing,
    double rho,
    double scale,
    boolean mixesProbabilities)
    implements Rule {

  private static final double TINY = 1e-12;

  @Override
  public boolean adapts() {
    return true;
  }

  @Override
  public double unadapted(int pair) {
    return margin(pair, new double[margins[pair].length]);
  }

  @Override
  public Adapted adapt(int[] shown) {
    float[][] labels = new float[shown.length][];
    for (int i = 0; i < shown.length; i++) {
      labels[i] = margins[shown[i]];
    }
    double[] tilt = new double[margins[0].length];
    Reweighting.penalize(tilt, labels, Reweighting.HEDGE, scale);
    return pair -> margin(pair, tilt);
  }

  private double margin(int pair, double[] tilt) {
    double[] weights = new double[tilt.length];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = rho * Math.log(routing[pair][k] + TINY) + tilt[k];
    }
    Reweighting.softmax(weights);
    return mixesProbabilities
        ? logOddsOfMixture(weights, margins[pair])
        : LinearRule.dot(weights, margins[pair]);
  }

  /** The log-odds of {@code P = sum_k w_k sigmoid(D_k)}. */
  static double logOddsOfMixture(double[] weights, float[] margins) {
    double chosen = 0;
    double rejected = 0;
    for (int k = 0; k < weights.length; k++) {
      chosen += weights[k] * Reweighting.sigmoid(margins[k]);
      rejected += weights[k] * Reweighting.sigmoid(-margins[k]);
    }
    return Math.log(chosen + TINY) - Math.log(rejected + TINY);
  }
}
