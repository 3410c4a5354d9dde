package dev.palate.core.taste;

/**
 * The shift's covariance at a solved {@link Objective}: the inverse Hessian where x reaches the
 * labels, the prior's elsewhere. With J the objective's sensitivity and {@code H = R' R} it is
 * {@code J' H^-1 J}, plus {@code Sigma - J' J} where labels are few.
 */
final class LaplaceCovariance {

  private final PriorShape prior;
  private final int k;
  private final double[][] sensitivity;

  LaplaceCovariance(PriorShape prior) {
    this.prior = prior;
    this.k = prior.expertCount();
    this.sensitivity = new double[k][k];
  }

  /**
   * The diagonal.
   *
   * @param hessian its factor
   */
  double[] variances(Objective objective, double[][] hessian) {
    double[] variances = new double[k];
    objective.sensitivity(sensitivity);
    int size = objective.size();
    if (objective.spanned()) {
      for (int j = 0; j < k; j++) {
        variances[j] = prior.covariance[j][j];
      }
      addSquares(variances, -1, size);
    }
    Cholesky.forwardAll(hessian, size, sensitivity, k, !objective.spanned());
    for (int j = 0; j < k; j++) {
      variances[j] = Math.max(variances[j], 0);
    }
    addSquares(variances, 1, size);
    return variances;
  }

  /** In full, {@code double[k][k]}. */
  double[][] matrix(Objective objective, double[][] hessian) {
    double[][] covariance = new double[k][k];
    objective.sensitivity(sensitivity);
    int size = objective.size();
    if (objective.spanned()) {
      for (int j = 0; j < k; j++) {
        System.arraycopy(prior.covariance[j], 0, covariance[j], 0, k);
      }
      addOuterProducts(covariance, -1, size);
    }
    Cholesky.forwardAll(hessian, size, sensitivity, k, !objective.spanned());
    addOuterProducts(covariance, 1, size);
    return covariance;
  }

  private void addSquares(double[] to, double sign, int size) {
    for (int i = 0; i < size; i++) {
      double[] row = sensitivity[i];
      for (int j = 0; j < k; j++) {
        to[j] += sign * row[j] * row[j];
      }
    }
  }

  private void addOuterProducts(double[][] to, double sign, int size) {
    for (int i = 0; i < size; i++) {
      double[] row = sensitivity[i];
      for (int j = 0; j < k; j++) {
        Rows.addOne(to[j], 0, k, sign * row[j], row);
      }
    }
  }
}
