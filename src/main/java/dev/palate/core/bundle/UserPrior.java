package dev.palate.core.bundle;

import java.util.Arrays;

/**
 * The distribution of shifts over users that the bundle ships (MODEL.md, "Hearing a user"): d ~
 * N(mu, gamma^2 Sigma), where gamma is the user's own scale.
 *
 * @param mean mu, {@code double[k]}
 * @param covariance Sigma, {@code double[k][k]}, symmetric positive definite
 * @param leeway a, {@code double[k]} in [0, 1]: how far a shift reaches at prompts of each expert
 * @param scales the values that gamma can take, {@code double[g]}, ascending and positive
 * @param masses their probabilities before any label, {@code double[g]}, positive, sum 1
 */
public record UserPrior(
    double[] mean, double[][] covariance, double[] leeway, double[] scales, double[] masses) {

  /** A prior with one scale, as in bundles of format 1. */
  public UserPrior(double[] mean, double[][] covariance, double[] leeway) {
    this(mean, covariance, leeway, new double[] {1}, new double[] {1});
  }

  /** A prior with one scale whose shifts count in full at every prompt. */
  public UserPrior(double[] mean, double[][] covariance) {
    this(mean, covariance, ones(mean.length));
  }

  /** Whether it is of format 1: one scale, which is 1. */
  boolean hasOneScale() {
    return scales.length == 1 && scales[0] == 1;
  }

  private static double[] ones(int k) {
    double[] ones = new double[k];
    Arrays.fill(ones, 1);
    return ones;
  }
}
