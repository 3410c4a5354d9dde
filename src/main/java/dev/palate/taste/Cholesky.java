package dev.palate.taste;

/**
 * A = L L' for small symmetric matrices in plain arrays of rows. Only the lower triangle is read
 * and written.
 */
final class Cholesky {

  private Cholesky() {}

  /** Replaces A's lower triangle by L. False, with A spoiled, if A is not positive definite. */
  static boolean factor(double[][] a) {
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int l = 0; l < j; l++) {
          sum -= a[i][l] * a[j][l];
        }
        if (i != j) {
          a[i][j] = sum / a[j][j];
        } else if (sum > 0 && sum <= Double.MAX_VALUE) {
          a[i][i] = Math.sqrt(sum);
        } else {
          return false;
        }
      }
    }
    return true;
  }

  /** Replaces x by L^-1 x. */
  static void forward(double[][] l, double[] x) {
    for (int i = 0; i < l.length; i++) {
      double sum = x[i];
      for (int j = 0; j < i; j++) {
        sum -= l[i][j] * x[j];
      }
      x[i] = sum / l[i][i];
    }
  }

  /** Replaces x by L'^-1 x. */
  static void backward(double[][] l, double[] x) {
    for (int i = l.length - 1; i >= 0; i--) {
      double value = x[i] / l[i][i];
      x[i] = value;
      for (int j = 0; j < i; j++) {
        x[j] -= l[i][j] * value;
      }
    }
  }

  /** log det A, from its factor. */
  static double logDeterminant(double[][] l) {
    double sum = 0;
    for (int i = 0; i < l.length; i++) {
      sum += StrictMath.log(l[i][i]);
    }
    return 2 * sum;
  }
}
