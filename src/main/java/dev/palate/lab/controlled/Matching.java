package dev.palate.lab.controlled;

import java.util.Arrays;

/**
 * The best one-to-one matching of rows to columns: the Hungarian algorithm in its O(rows^2 columns)
 * form with potentials (Jonker and Volgenant, 1987). Rows enter one at a time; each is matched
 * along the shortest augmenting path, and the potentials keep every reduced cost at zero or above.
 */
final class Matching {

  private static final int NONE = -1;

  private Matching() {}

  /**
   * Matches to the largest sum.
   *
   * @param value {@code double[n][m]}
   * @return {@code int[n]}: each row's column, no column twice; -1 where there are more rows than
   *     columns and the row got none
   */
  static int[] largest(double[][] value) {
    int n = value.length;
    int m = value[0].length;
    if (n > m) {
      int[] rowOf = largest(transposed(value));
      int[] columnOf = new int[n];
      Arrays.fill(columnOf, NONE);
      for (int column = 0; column < m; column++) {
        columnOf[rowOf[column]] = column;
      }
      return columnOf;
    }
    // Column m is a stand-in from which the row that enters starts its path
    int[] rowOf = new int[m + 1];
    Arrays.fill(rowOf, NONE);
    double[] rowPotential = new double[n];
    double[] columnPotential = new double[m + 1];
    for (int row = 0; row < n; row++) {
      rowOf[m] = row;
      augment(value, rowOf, rowPotential, columnPotential);
    }
    int[] columnOf = new int[n];
    for (int column = 0; column < m; column++) {
      if (rowOf[column] != NONE) {
        columnOf[rowOf[column]] = column;
      }
    }
    return columnOf;
  }

  private static void augment(
      double[][] value, int[] rowOf, double[] rowPotential, double[] columnPotential) {
    int m = rowOf.length - 1;
    double[] distance = new double[m];
    Arrays.fill(distance, Double.POSITIVE_INFINITY);
    int[] from = new int[m];
    boolean[] reached = new boolean[m + 1];
    int column = m;
    while (rowOf[column] != NONE) {
      reached[column] = true;
      int row = rowOf[column];
      int next = NONE;
      for (int j = 0; j < m; j++) {
        if (reached[j]) {
          continue;
        }
        double reduced = -value[row][j] - rowPotential[row] - columnPotential[j];
        if (reduced < distance[j]) {
          distance[j] = reduced;
          from[j] = column;
        }
        if (next == NONE || distance[j] < distance[next]) {
          next = j;
        }
      }
      double step = distance[next];
      for (int j = 0; j <= m; j++) {
        if (reached[j]) {
          rowPotential[rowOf[j]] += step;
          columnPotential[j] -= step;
        } else {
          distance[j] -= step;
        }
      }
      column = next;
    }
    while (column != m) {
      rowOf[column] = rowOf[from[column]];
      column = from[column];
    }
  }

  private static double[][] transposed(double[][] matrix) {
    double[][] result = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < result.length; j++) {
        result[j][i] = matrix[i][j];
      }
    }
    return result;
  }
}
