package dev.palate.core.bundle;

import java.util.Arrays;

/**
 * The distribution of shifts over users that the bundle ships (MODEL.md, the prior over users).
 *
 * @param mean mu, {@code double[k]}
 * @param covariance Sigma, {@code double[k][k]}, symmetric positive definite
 * @param leeway a, {@code double[k]} in [0, 1]: how far a shift reaches at prompts of each expert
 */
public record UserPrior(double[] mean, double[][] covariance, double[] leeway) {

  /** A prior whose shifts count in full at every prompt. */
  public UserPrior(double[] mean, double[][] covariance) {
    this(mean, covariance, ones(mean.length));
  }

  private static double[] ones(int k) {
    double[] ones = new double[k];
    Arrays.fill(ones, 1);
    return ones;
  }
}
