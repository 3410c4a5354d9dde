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

  /** K, the number of experts. */
  public int expertCount() {
    return mean.length;
  }

  /**
   * L with L L' = Sigma, row-major lower triangle of {@code double[k * k]}.
   *
   * @throws IllegalArgumentException naming the field that is not as described
   */
  double[] whitening() {
    int k = mean.length;
    if (k == 0) {
      throw new IllegalArgumentException("'mean' must not be empty");
    }
    requireFinite("mean", mean);
    if (covariance.length != k || Arrays.stream(covariance).anyMatch(row -> row.length != k)) {
      throw new IllegalArgumentException("'covariance' must be %d x %d".formatted(k, k));
    }
    double[] factor = new double[k * k];
    for (int i = 0; i < k; i++) {
      requireFinite("covariance", covariance[i]);
      for (int j = 0; j <= i; j++) {
        double scale = Math.sqrt(Math.abs(covariance[i][i] * covariance[j][j]));
        if (Math.abs(covariance[i][j] - covariance[j][i]) > 1e-6 * scale) {
          throw new IllegalArgumentException("'covariance' must be symmetric");
        }
        factor[i * k + j] = covariance[i][j];
      }
    }
    if (!Cholesky.factor(factor, k)) {
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
