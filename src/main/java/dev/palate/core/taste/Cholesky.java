package dev.palate.core.taste;

import org.jspecify.annotations.Nullable;

/**
 * A = R' R with R upper triangular, for small symmetric matrices in rows. Only the upper triangle
 * is read and written, in its first {@code size} rows and columns: arrays may be larger.
 */
final class Cholesky {

  private Cholesky() {}

  /**
   * Replaces A's upper triangle by R, row after row.
   *
   * @param below the factor of a matrix that A is known to exceed, or null: pivots of A are no less
   *     than those, and one that rounding put lower is set to that
   * @return false, with A spoiled, if A is not positive definite
   */
  static boolean factor(double[][] a, int size, double @Nullable [][] below) {
    for (int i = 0; i < size; i++) {
      double[] row = a[i];
      int p = 0;
      for (; p + 3 < i; p += 4) {
        double[] row0 = a[p];
        double[] row1 = a[p + 1];
        double[] row2 = a[p + 2];
        double[] row3 = a[p + 3];
        Rows.addFour(row, i, size, -row0[i], row0, -row1[i], row1, -row2[i], row2, -row3[i], row3);
      }
      for (; p < i; p++) {
        Rows.addOne(row, i, size, -a[p][i], a[p]);
      }
      double pivot = below == null ? row[i] : Math.max(row[i], below[i][i] * below[i][i]);
      if (!(pivot > 0 && pivot <= Double.MAX_VALUE)) {
        return false;
      }
      double root = Math.sqrt(pivot);
      double by = 1 / root;
      row[i] = root;
      for (int l = i + 1; l < size; l++) {
        row[l] *= by;
      }
    }
    return true;
  }

  /** Replaces x by R'^-1 x. */
  static void forward(double[][] r, int size, double[] x) {
    for (int i = 0; i < size; i++) {
      double[] row = r[i];
      double value = x[i] / row[i];
      x[i] = value;
      Rows.addOne(x, i + 1, size, -value, row);
    }
  }

  /** Replaces x by R^-1 x. */
  static void backward(double[][] r, int size, double[] x) {
    for (int i = size - 1; i >= 0; i--) {
      double[] row = r[i];
      x[i] = (x[i] - Rows.dot(row, x, i + 1, size)) / row[i];
    }
  }

  /**
   * Replaces X by R'^-1 X.
   *
   * @param x {@code double[size][columns]}
   * @param triangular X is zero above its diagonal, and so will be what replaces it
   */
  static void forwardAll(double[][] r, int size, double[][] x, int columns, boolean triangular) {
    for (int i = 0; i < size; i++) {
      double[] row = x[i];
      int p = 0;
      for (; p + 3 < i; p += 4) {
        Rows.addFour(
            row,
            0,
            triangular ? p + 4 : columns,
            -r[p][i],
            x[p],
            -r[p + 1][i],
            x[p + 1],
            -r[p + 2][i],
            x[p + 2],
            -r[p + 3][i],
            x[p + 3]);
      }
      for (; p < i; p++) {
        Rows.addOne(row, 0, triangular ? p + 1 : columns, -r[p][i], x[p]);
      }
      double by = 1 / r[i][i];
      int end = triangular ? i + 1 : columns;
      for (int c = 0; c < end; c++) {
        row[c] *= by;
      }
    }
  }

  /** log det A, from its factor. */
  static double logDeterminant(double[][] r, int size) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += StrictMath.log(r[i][i]);
    }
    return 2 * sum;
  }
}
