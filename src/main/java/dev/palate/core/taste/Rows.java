package dev.palate.core.taste;

import java.util.Arrays;

/**
 * The solver's inner loops: sums of scaled rows.
 *
 * <p>Nearly all its work, the whitening of margins, the Hessian, its factor, gradients and margins,
 * is one operation: to a row add multiples of other rows. Written so, element by element, a
 * compiler may run it on vectors of any width, and every element still sees the same operations in
 * the same order: the bits do not depend on the machine. (Java never fuses a multiplication with an
 * addition on its own.) All arrays of one loop run on one index, without offsets, which is what
 * lets today's compilers prove that they may. Four rows at a time: a row's elements are read and
 * written once for four products instead of for each.
 */
final class Rows {

  private Rows() {}

  /**
   * {@code to[l] += sum over i of scales[i] * rows[i][l]}, for i in [0, count), l in [from, end).
   */
  static void add(double[] to, int from, int end, double[] scales, double[][] rows, int count) {
    addRest(to, from, end, scales, rows, 0, count);
  }

  /** As {@link #add}, of rows {@code first} to {@code count}. */
  private static void addRest(
      double[] to, int from, int end, double[] scales, double[][] rows, int first, int count) {
    int i = first;
    for (; i + 3 < count; i += 4) {
      addFour(
          to,
          from,
          end,
          scales[i],
          rows[i],
          scales[i + 1],
          rows[i + 1],
          scales[i + 2],
          rows[i + 2],
          scales[i + 3],
          rows[i + 3]);
    }
    for (; i < count; i++) {
      addOne(to, from, end, scales[i], rows[i]);
    }
  }

  /** As {@link #add} to zeros, from 0 to {@code end}. */
  static void set(double[] to, int end, double[] scales, double[][] rows, int count) {
    if (count < 4) {
      Arrays.fill(to, 0, end, 0);
      add(to, 0, end, scales, rows, count);
      return;
    }
    double scale0 = scales[0];
    double scale1 = scales[1];
    double scale2 = scales[2];
    double scale3 = scales[3];
    double[] row0 = rows[0];
    double[] row1 = rows[1];
    double[] row2 = rows[2];
    double[] row3 = rows[3];
    for (int l = 0; l < end; l++) {
      to[l] = (scale0 * row0[l] + scale1 * row1[l]) + (scale2 * row2[l] + scale3 * row3[l]);
    }
    addRest(to, 0, end, scales, rows, 4, count);
  }

  /** As {@link #add} from 0 to count, of rows that are zero before their diagonal. */
  static void addUpper(double[] to, double[] scales, double[][] rows, int count) {
    int i = 0;
    for (; i + 3 < count; i += 4) {
      addFour(
          to,
          i,
          count,
          scales[i],
          rows[i],
          scales[i + 1],
          rows[i + 1],
          scales[i + 2],
          rows[i + 2],
          scales[i + 3],
          rows[i + 3]);
    }
    for (; i < count; i++) {
      addOne(to, i, count, scales[i], rows[i]);
    }
  }

  /** {@code columns[j][i] = rows[i][j]}, for i in [0, n), j in [0, size). */
  static void transpose(double[][] rows, int n, int size, double[][] columns) {
    int i = 0;
    for (; i + 3 < n; i += 4) {
      double[] a0 = rows[i];
      double[] a1 = rows[i + 1];
      double[] a2 = rows[i + 2];
      double[] a3 = rows[i + 3];
      for (int j = 0; j < size; j++) {
        double[] column = columns[j];
        column[i] = a0[j];
        column[i + 1] = a1[j];
        column[i + 2] = a2[j];
        column[i + 3] = a3[j];
      }
    }
    for (; i < n; i++) {
      for (int j = 0; j < size; j++) {
        columns[j][i] = rows[i][j];
      }
    }
  }

  static void addOne(double[] to, int from, int end, double scale, double[] row) {
    for (int l = from; l < end; l++) {
      to[l] += scale * row[l];
    }
  }

  static void addFour(
      double[] to,
      int from,
      int end,
      double scale0,
      double[] row0,
      double scale1,
      double[] row1,
      double scale2,
      double[] row2,
      double scale3,
      double[] row3) {
    for (int l = from; l < end; l++) {
      to[l] += (scale0 * row0[l] + scale1 * row1[l]) + (scale2 * row2[l] + scale3 * row3[l]);
    }
  }

  /**
   * The inner product of [from, end) in four interleaved sums, which do not wait for each other.
   */
  static double dot(double[] a, double[] b, int from, int end) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int l = from;
    for (; l + 3 < end; l += 4) {
      sum0 += a[l] * b[l];
      sum1 += a[l + 1] * b[l + 1];
      sum2 += a[l + 2] * b[l + 2];
      sum3 += a[l + 3] * b[l + 3];
    }
    for (; l < end; l++) {
      sum0 += a[l] * b[l];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }
}
