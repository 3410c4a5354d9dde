package dev.palate.lab.controlled;

/** Slow references that try everything. */
final class BruteForce {

  private BruteForce() {}

  /** The largest sum of a matching that leaves no row free while a column is. */
  static double bestMatching(double[][] value) {
    int rows = value.length;
    int columns = value[0].length;
    return best(value, 0, new boolean[columns], Math.max(0, rows - columns));
  }

  private static double best(double[][] value, int row, boolean[] taken, int mayStayFree) {
    if (row == value.length) {
      return 0;
    }
    double best =
        mayStayFree > 0 ? best(value, row + 1, taken, mayStayFree - 1) : Double.NEGATIVE_INFINITY;
    for (int column = 0; column < taken.length; column++) {
      if (!taken[column]) {
        taken[column] = true;
        best = Math.max(best, value[row][column] + best(value, row + 1, taken, mayStayFree));
        taken[column] = false;
      }
    }
    return best;
  }

  /**
   * Normalized mutual information by counting, for each item, those that share its group, its
   * expert or both.
   */
  static double nmi(int[] group, int[] expert) {
    double n = group.length;
    double ofGroup = 0;
    double ofExpert = 0;
    double together = 0;
    for (int i = 0; i < n; i++) {
      int sameGroup = 0;
      int sameExpert = 0;
      int same = 0;
      for (int j = 0; j < n; j++) {
        sameGroup += group[i] == group[j] ? 1 : 0;
        sameExpert += expert[i] == expert[j] ? 1 : 0;
        same += group[i] == group[j] && expert[i] == expert[j] ? 1 : 0;
      }
      ofGroup -= Math.log(sameGroup / n) / n;
      ofExpert -= Math.log(sameExpert / n) / n;
      together -= Math.log(same / n) / n;
    }
    return 2 * (ofGroup + ofExpert - together) / (ofGroup + ofExpert);
  }
}
