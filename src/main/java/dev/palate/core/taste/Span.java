package dev.palate.core.taste;

import java.util.Arrays;

/**
 * The space that a few labels span. n labels know nothing of directions orthogonal to their
 * whitened margins a_i; there the optimum stays at the prior, exactly. With an orthonormal basis
 * q_1..q_n of the rest, {@code z = sum y_l q_l}, a problem in k coordinates becomes one in n, of
 * the same form: {@code a_i . z = (Q a_i) . y}, and the prior is {@code |y|^2 / 2}.
 *
 * <p>The basis is Gram and Schmidt's, so Q a_i has i coordinates, and projects twice where a label
 * is nearly a combination of those before it (Kahan and Parlett: twice is enough). One that still
 * is then adds no axis: its axis is zero and the problem just as right.
 */
final class Span {

  /** Losing more than this factor of its length, a row is projected again. */
  private static final double CANCELLED = 0.25;

  private final int k;
  private final double[][] axes;
  private final double[] coordinates;
  private final double[] projection;

  Span(int k) {
    this.k = k;
    this.axes = new double[k][];
    this.coordinates = new double[k];
    this.projection = new double[k];
  }

  /** Replaces the first n rows, {@code double[k]}, by their coordinates, n at most k. */
  void reduce(double[][] rows, int n) {
    for (int i = 0; i < n; i++) {
      if (axes[i] == null) {
        axes[i] = new double[k];
      }
      double[] axis = axes[i];
      System.arraycopy(rows[i], 0, axis, 0, k);
      Arrays.fill(coordinates, 0, n, 0);
      // The length of a row of huge entries must not overflow, nor that of small ones vanish
      double unit = largest(axis);
      if (unit > 0) {
        scale(axis, 1 / unit);
        double length = orthogonalize(axis, i);
        for (int l = 0; l < i; l++) {
          coordinates[l] *= unit;
        }
        coordinates[i] = length * unit;
      }
      System.arraycopy(coordinates, 0, rows[i], 0, n);
    }
  }

  /** Makes the axis orthogonal to those before it and of length 1 or 0; returns what was left. */
  private double orthogonalize(double[] axis, int before) {
    double length = length(axis);
    for (int pass = 0; pass < 2; pass++) {
      project(axis, before);
      double left = length(axis);
      if (left > CANCELLED * length) {
        scale(axis, 1 / left);
        return left;
      }
      length = left;
    }
    Arrays.fill(axis, 0);
    return 0;
  }

  private void project(double[] axis, int before) {
    for (int l = 0; l < before; l++) {
      projection[l] = Rows.dot(axes[l], axis, 0, k);
      coordinates[l] += projection[l];
      projection[l] = -projection[l];
    }
    Rows.add(axis, 0, k, projection, axes, before);
  }

  /** Adds {@code sum y_l q_l} to {@code double[k]}. */
  void expand(double[] y, double[] to, int n) {
    Rows.add(to, 0, k, y, axes, n);
  }

  /** q_i, {@code double[k]}. */
  double[] axis(int i) {
    return axes[i];
  }

  private double length(double[] row) {
    return Math.sqrt(Rows.dot(row, row, 0, k));
  }

  private static double largest(double[] row) {
    double largest = 0;
    for (double value : row) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static void scale(double[] row, double by) {
    for (int j = 0; j < row.length; j++) {
      row[j] *= by;
    }
  }
}
