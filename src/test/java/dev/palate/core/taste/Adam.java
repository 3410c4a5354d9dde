package dev.palate.core.taste;

import java.util.Arrays;

/**
 * How LoRe (arXiv 2504.14439) finds a new user's weights: 500 steps of Adam at a rate of 0.05,
 * either on the shift itself or, as LoRe does, on parameters whose softmax are the weights.
 */
final class Adam {

  private static final int STEPS = 500;
  private static final double RATE = 0.05;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;

  private Adam() {}

  /** After 500 steps from {@code start}. */
  static double[] minimize(Lbfgs.Function function, double[] start) {
    int k = start.length;
    double[] x = start.clone();
    double[] gradient = new double[k];
    double[] first = new double[k];
    double[] second = new double[k];
    for (int step = 1; step <= STEPS; step++) {
      function.at(x, gradient);
      double correction1 = 1 - Math.pow(BETA1, step);
      double correction2 = 1 - Math.pow(BETA2, step);
      for (int j = 0; j < k; j++) {
        first[j] = BETA1 * first[j] + (1 - BETA1) * gradient[j];
        second[j] = BETA2 * second[j] + (1 - BETA2) * gradient[j] * gradient[j];
        x[j] -= RATE * first[j] / correction1 / (Math.sqrt(second[j] / correction2) + 1e-8);
      }
    }
    return x;
  }

  /**
   * LoRe's constraint: the user's weights, {@code center + d}, stay on the simplex.
   *
   * @param center weights without a shift, on the simplex and positive; the start
   * @return d
   */
  static double[] minimizeOnSimplex(Lbfgs.Function function, double[] center) {
    int k = center.length;
    double[] weights = new double[k];
    double[] d = new double[k];
    double[] slope = new double[k];
    Lbfgs.Function onParameters =
        (parameters, gradient) -> {
          softmax(parameters, weights);
          for (int j = 0; j < k; j++) {
            d[j] = weights[j] - center[j];
          }
          double value = function.at(d, slope);
          double mean = 0;
          for (int j = 0; j < k; j++) {
            mean += weights[j] * slope[j];
          }
          for (int j = 0; j < k; j++) {
            gradient[j] = weights[j] * (slope[j] - mean);
          }
          return value;
        };
    double[] parameters = minimize(onParameters, Arrays.stream(center).map(Math::log).toArray());
    softmax(parameters, weights);
    for (int j = 0; j < k; j++) {
      d[j] = weights[j] - center[j];
    }
    return d;
  }

  private static void softmax(double[] parameters, double[] weights) {
    double largest = Arrays.stream(parameters).max().orElseThrow();
    double total = 0;
    for (int j = 0; j < weights.length; j++) {
      weights[j] = Math.exp(parameters[j] - largest);
      total += weights[j];
    }
    for (int j = 0; j < weights.length; j++) {
      weights[j] /= total;
    }
  }
}
