package dev.palate.core.taste;

import java.util.Arrays;

/**
 * A prior's matrices as the solver uses them, made once per bundle; k^3 multiplications. Not
 * changed afterwards, so that threads may share it.
 */
final class PriorShape {

  /** mu, {@code double[k]}. */
  final double[] mean;

  /** a, {@code double[k]}. */
  final double[] leeway;

  /** Sigma, {@code double[k][k]}. */
  final double[][] covariance;

  /** R with R' R = Sigma, upper triangle, zero below. */
  final double[][] whitening;

  private final double[][] whiteningTransposed;

  /** Sigma^-1, in full. */
  final double[][] precision;

  /** S with S' S = Sigma^-1, upper triangle. */
  final double[][] precisionFactor;

  /** log det Sigma^-1. */
  final double precisionLogDeterminant;

  /** The identity, {@code double[k][k]}: precision and its factor in whitened coordinates. */
  final double[][] identity;

  /**
   * @throws IllegalArgumentException naming the prior's field that is not as described
   */
  PriorShape(Prior prior) {
    int k = prior.expertCount();
    this.whitening = prior.whitening();
    this.mean = prior.mean().clone();
    this.leeway = prior.leeway().clone();
    this.covariance = copy(prior.covariance());
    this.identity = new double[k][k];
    this.whiteningTransposed = new double[k][k];
    for (int i = 0; i < k; i++) {
      identity[i][i] = 1;
      for (int j = i; j < k; j++) {
        whiteningTransposed[j][i] = whitening[i][j];
      }
    }
    // Sigma^-1 = X' X with X = R'^-1
    double[][] inverse = copy(identity);
    Cholesky.forwardAll(whitening, k, inverse, k, true);
    this.precision = new double[k][k];
    for (int j = 0; j < k; j++) {
      for (double[] row : inverse) {
        Rows.addOne(precision[j], 0, k, row[j], row);
      }
    }
    this.precisionFactor = copy(precision);
    if (!Cholesky.factor(precisionFactor, k, null)) {
      throw new IllegalArgumentException("'covariance' must be positive definite");
    }
    this.precisionLogDeterminant = Cholesky.logDeterminant(precisionFactor, k);
  }

  int expertCount() {
    return mean.length;
  }

  /** R times a label's margins D, a row of R' for each expert. */
  void whiten(double[] margins, double[] direction) {
    double[][] rows = whiteningTransposed;
    int k = mean.length;
    Arrays.fill(direction, 0);
    int j = 0;
    for (; j + 3 < k; j += 4) {
      Rows.addFour(
          direction,
          0,
          j + 4,
          margins[j],
          rows[j],
          margins[j + 1],
          rows[j + 1],
          margins[j + 2],
          rows[j + 2],
          margins[j + 3],
          rows[j + 3]);
    }
    for (; j < k; j++) {
      Rows.addOne(direction, 0, j + 1, margins[j], rows[j]);
    }
  }

  private static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }
}
