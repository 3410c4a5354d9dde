package dev.palate.taste;

import java.util.Arrays;

/**
 * Where a user's shift starts and how far evidence may carry it.
 *
 * @param mean mu, {@code double[k]}
 * @param covariance Sigma, {@code double[k][k]}, symmetric positive definite
 */
public record Prior(double[] mean, double[][] covariance) {

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
    return new Prior(mean.clone(), scaled);
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
