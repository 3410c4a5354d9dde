package dev.palate.taste;

/**
 * A = L L' for small symmetric matrices, row-major in plain arrays. Only the lower triangle is read
 * and written.
 */
final class Cholesky {

  private Cholesky() {}

  /** Replaces A's lower triangle by L. False, with A spoiled, if A is not positive definite. */
  static boolean factor(double[] a, int k) {
    for (int i = 0; i < k; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i * k + j];
        for (int l = 0; l < j; l++) {
          sum -= a[i * k + l] * a[j * k + l];
        }
        if (i != j) {
          a[i * k + j] = sum / a[j * k + j];
        } else if (sum > 0 && sum <= Double.MAX_VALUE) {
          a[i * k + i] = Math.sqrt(sum);
        } else {
          return false;
        }
      }
    }
    return true;
  }

  /** Replaces x by L^-1 x. */
  static void forward(double[] l, int k, double[] x) {
    for (int i = 0; i < k; i++) {
      double sum = x[i];
      for (int j = 0; j < i; j++) {
        sum -= l[i * k + j] * x[j];
      }
      x[i] = sum / l[i * k + i];
    }
  }

  /** Replaces x by L'^-1 x. */
  static void backward(double[] l, int k, double[] x) {
    for (int i = k - 1; i >= 0; i--) {
      double value = x[i] / l[i * k + i];
      x[i] = value;
      for (int j = 0; j < i; j++) {
        x[j] -= l[i * k + j] * value;
      }
    }
  }

  /** log det A, from its factor. */
  static double logDeterminant(double[] l, int k) {
    double sum = 0;
    for (int i = 0; i < k; i++) {
      sum += StrictMath.log(l[i * k + i]);
    }
    return 2 * sum;
  }
}
