package dev.palate.lab.sets;

/**
 * A share of n pairs with its 95 % Wilson interval.
 *
 * @param n at least 1
 */
record Proportion(int n, double value, double low, double high) {

  /** The 97.5 % quantile of the normal distribution. */
  private static final double Z = 1.959963984540054;

  /** A margin of 0 is half right. */
  static Proportion rightOf(double[] margins) {
    return of(right(margins, 1), margins.length);
  }

  /**
   * @param right how many of n, halves allowed
   */
  static Proportion of(double right, int n) {
    double share = right / n;
    double z2 = Z * Z / n;
    double centre = (share + z2 / 2) / (1 + z2);
    double half = Z * Math.sqrt(share * (1 - share) / n + z2 / (4 * n)) / (1 + z2);
    return new Proportion(n, share, Math.max(0, centre - half), Math.min(1, centre + half));
  }

  /**
   * How many margins have the sign; a margin of 0 counts half.
   *
   * @param sign 1 or -1
   */
  static double right(double[] margins, int sign) {
    double right = 0;
    for (double margin : margins) {
      right += margin == 0 ? .5 : sign * margin > 0 ? 1 : 0;
    }
    return right;
  }
}
