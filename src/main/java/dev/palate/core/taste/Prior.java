package dev.palate.core.taste;

import java.util.Arrays;

/**
 * Where a user's shift starts and how far evidence may carry it.
 *
 * @param mean mu, {@code double[k]}
 * @param covariance Sigma, {@code double[k][k]}, symmetric positive definite
 * @param leeway a, {@code double[k]} in [0, 1]: at a prompt with routing w a shift d counts as (w .
 *     a) d ({@link RoutingWeights#leewayAt}); where people hardly differ, labels move little
 */
public record Prior(double[] mean, double[][] covariance, double[] leeway) {

  /** A prior whose shifts count in full at every prompt. */
  public Prior(double[] mean, double[][] covariance) {
    this(mean, covariance, ones(mean.length));
  }

  private static double[] ones(int k) {
    double[] ones = new double[k];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** The same prior with other leeway, {@code double[k]}. */
  public Prior withLeeway(double[] other) {
    return new Prior(mean, covariance, other);
  }

  /**
   * The prior of a model trained without user ids: mu = 0, Sigma = tau^2 I.
   *
   * @param tau standard deviation of each expert's shift, positive
   */
  public static Prior isotropic(int k, double tau) {
    if (!(tau > 0 && tau <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("'tau' must be positive and finite, was " + tau);
    }
    double[][] covariance = new double[k][k];
    for (int j = 0; j < k; j++) {
      covariance[j][j] = tau * tau;
    }
    return new Prior(new double[k], covariance);
  }

  /**
   * This prior with {@code factor} times its covariance. A factor of zero keeps a trace of it, too
   * small for any label to move a shift visibly, since Sigma must stay positive definite.
   *
   * @throws IllegalArgumentException if {@code factor} is negative or not finite
   */
  public Prior scaled(double factor) {
    if (!(factor >= 0 && factor <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("'factor' must be finite and not negative: " + factor);
    }
    int k = mean.length;
    double[][] scaled = new double[k][k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        scaled[i][j] = covariance[i][j] * Math.max(factor, 1e-9);
      }
    }
    return new Prior(mean.clone(), scaled, leeway);
  }

  /** K, the number of experts. */
  public int expertCount() {
    return mean.length;
  }

  /**
   * R with R' R = Sigma, upper triangle of {@code double[k][k]}, zero below.
   *
   * @throws IllegalArgumentException naming the field that is not as described
   */
  double[][] whitening() {
    int k = mean.length;
    if (k == 0) {
      throw new IllegalArgumentException("'mean' must not be empty");
    }
    requireFinite("mean", mean);
    requireFinite("leeway", leeway);
    if (leeway.length != k || Arrays.stream(leeway).anyMatch(a -> a < 0 || a > 1)) {
      throw new IllegalArgumentException("'leeway' must be %d numbers in [0, 1]".formatted(k));
    }
    if (covariance.length != k || Arrays.stream(covariance).anyMatch(row -> row.length != k)) {
      throw new IllegalArgumentException("'covariance' must be %d x %d".formatted(k, k));
    }
    double[][] factor = new double[k][k];
    for (int i = 0; i < k; i++) {
      requireFinite("covariance", covariance[i]);
      for (int j = 0; j <= i; j++) {
        // The lower triangle speaks for both, mirrored
        double scale = Math.sqrt(Math.abs(covariance[i][i] * covariance[j][j]));
        if (Math.abs(covariance[i][j] - covariance[j][i]) > 1e-6 * scale) {
          throw new IllegalArgumentException("'covariance' must be symmetric");
        }
        factor[j][i] = covariance[i][j];
      }
    }
    if (!Cholesky.factor(factor, k, null)) {
      throw new IllegalArgumentException("'covariance' must be positive definite");
    }
    return factor;
  }

  private static void requireFinite(String field, double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("'" + field + "' must be finite, was " + value);
      }
    }
  }
}
