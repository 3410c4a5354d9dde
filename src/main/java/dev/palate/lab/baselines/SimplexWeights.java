package dev.palate.lab.baselines;

import dev.palate.lab.judge.LinearRule;

/**
 * A new user of LoRe (arXiv 2504.14439): weights on the simplex over the basis, the labels'
 * Bradley-Terry loss brought down by 500 steps of Adam from the mean training user.
 *
 * @param start the mean user's parameters, {@code double[k]}; weights are their softmax
 */
@SuppressWarnings("ArrayRecordComponent") // rules are never compared
record SimplexWeights(double[] start) implements LinearRule.Weights {

  private static final int STEPS = 500;
  private static final double RATE = 0.05;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;

  @Override
  public double[] of(float[][] labels) {
    int k = start.length;
    double[] parameters = start.clone();
    double[] weights = start.clone();
    Reweighting.softmax(weights);
    if (labels.length == 0) {
      return weights;
    }
    double[] gradient = new double[k];
    double[] first = new double[k];
    double[] second = new double[k];
    for (int step = 1; step <= STEPS; step++) {
      gradient(weights, labels, gradient);
      double correction1 = 1 - Math.pow(BETA1, step);
      double correction2 = 1 - Math.pow(BETA2, step);
      for (int j = 0; j < k; j++) {
        first[j] = BETA1 * first[j] + (1 - BETA1) * gradient[j];
        second[j] = BETA2 * second[j] + (1 - BETA2) * gradient[j] * gradient[j];
        double size = Math.sqrt(second[j] / correction2) + 1e-8;
        parameters[j] -= RATE * first[j] / correction1 / size;
        weights[j] = parameters[j];
      }
      Reweighting.softmax(weights);
    }
    return weights;
  }

  /** Of the mean loss by the parameters. */
  static void gradient(double[] weights, float[][] labels, double[] gradient) {
    java.util.Arrays.fill(gradient, 0);
    for (float[] margins : labels) {
      double margin = LinearRule.dot(weights, margins);
      double slope = -Reweighting.sigmoid(-margin) / labels.length;
      for (int j = 0; j < weights.length; j++) {
        gradient[j] += slope * weights[j] * (margins[j] - margin);
      }
    }
  }
}
