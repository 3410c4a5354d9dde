package dev.palate.core.taste;

/** The upper tail of the standard normal distribution, in StrictMath: the same on any machine. */
final class NormalTail {

  private static final double FARTHEST = 38;
  private static final double SQRT_2_PI = 2.5066282746310002;

  /** Terms of the continued fraction; enough for 12 digits from 1 up. */
  private static final int TERMS = 400;

  private NormalTail() {}

  /** P(Z > z), for z of 1 or more: Laplace's continued fraction of Mills' ratio. */
  static double probability(double z) {
    double fraction = z;
    for (int i = TERMS; i > 0; i--) {
      fraction = z + i / fraction;
    }
    return StrictMath.exp(-z * z / 2) / (SQRT_2_PI * fraction);
  }

  /** The z of 1 or more with P(Z > z) = p, for p up to 0.15. */
  static double quantile(double p) {
    double low = 1;
    double high = FARTHEST;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (probability(middle) > p) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }
}
