package dev.palate.lab.train;

import dev.palate.core.bundle.Head;
import dev.palate.core.taste.RoutingWeights;
import dev.palate.lab.encode.PairScores;
import java.util.Arrays;

/**
 * How much each expert may say. Experts of different domains are not equally right, and one scale
 * for all leaves some too sure of themselves: on validation, expert k's rewards are multiplied by
 * the c_k that makes the labels there most likely,
 *
 * <pre>
 * minimize over log c:  sum_i g_i log(1 + exp(-sum_k w_ik c_k D_ik)) + RIDGE/2 sum_k (log c_k)^2
 * </pre>
 *
 * with w the weights as served and the global scale, fitted first, in D. An expert that validation
 * says little of keeps c near 1. What is left to {@link Calibration} is one scale and the label
 * noise.
 */
public final class ExpertCalibration {

  /** As many labels' worth of belief that an expert is as sure as the others. */
  private static final double RIDGE = 20;

  private static final int STEPS = 200;
  private static final double LONGEST_STEP = 0.5;
  private static final double CONVERGED = 1e-6;

  private ExpertCalibration() {}

  /**
   * @param validation pairs that the head was not trained on, scored by it
   * @param weights {@code double[n]}, with mean 1
   * @return c times the global scale, {@code double[k]}, positive
   */
  public static double[] factors(PairScores validation, double[] weights, int topM) {
    int k = validation.routing()[0].length;
    double scale = Calibration.fitScale(validation.margins(topM), weights, 0).scale();
    double[][] parts = new double[validation.size()][];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = RoutingWeights.sparsify(validation.routing()[i], topM);
      for (int j = 0; j < k; j++) {
        parts[i][j] *= scale * validation.margins()[i][j];
      }
    }
    double[] logs = new double[k];
    for (int step = 0; step < STEPS; step++) {
      if (move(parts, weights, logs) < CONVERGED) {
        break;
      }
    }
    return Arrays.stream(logs).map(log -> scale * Math.exp(log)).toArray();
  }

  /** One damped Gauss-Newton step along each coordinate; returns the longest. */
  private static double move(double[][] parts, double[] weights, double[] logs) {
    int k = logs.length;
    double[] gradient = new double[k];
    double[] curvature = new double[k];
    for (int i = 0; i < parts.length; i++) {
      double margin = 0;
      for (int j = 0; j < k; j++) {
        margin += parts[i][j] * Math.exp(logs[j]);
      }
      double lost = 1 / (1 + Math.exp(margin));
      double size = 0;
      for (int j = 0; j < k; j++) {
        size += Math.abs(parts[i][j]) * Math.exp(logs[j]);
      }
      for (int j = 0; j < k; j++) {
        double part = parts[i][j] * Math.exp(logs[j]);
        gradient[j] -= weights[i] * lost * part;
        // by the sum of sizes, not by its own: steps along all coordinates at once still descend
        curvature[j] += weights[i] * lost * (1 - lost) * Math.abs(part) * size;
      }
    }
    double longest = 0;
    for (int j = 0; j < k; j++) {
      double step = (gradient[j] + RIDGE * logs[j]) / (curvature[j] + RIDGE);
      step = Math.clamp(step, -LONGEST_STEP, LONGEST_STEP);
      logs[j] -= step;
      longest = Math.max(longest, Math.abs(step));
    }
    return longest;
  }

  /** The head whose expert k's rewards are {@code factors[k]} times these. */
  public static Head apply(Head head, double[] factors) {
    float[][] experts = new float[factors.length][];
    for (int k = 0; k < factors.length; k++) {
      experts[k] = head.experts()[k].clone();
      for (int j = 0; j < experts[k].length; j++) {
        experts[k][j] *= (float) factors[k];
      }
    }
    return head.withExperts(experts);
  }
}
