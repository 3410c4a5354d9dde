package dev.palate.core.taste;

/**
 * The mean of a sigmoid of a normal variable, by the trapezoid rule, whose error falls
 * exponentially in the spacing as the integrand has no singularity nearer to the real axis than pi
 * ({@link InformationGain} takes its expectations alike). MacKay's closed form {@code sigmoid(m /
 * sqrt(1 + pi v / 8))} is off by up to 0.018 where v is large.
 */
final class LogisticNormal {

  /** In standard deviations, and in units of the variable. */
  private static final double SPACING = 0.5;

  private static final double REACH = 8.5;

  /** A wider variable is taken for one as wide as this: the mean is off by less than 0.001. */
  private static final double WIDEST = 30;

  private LogisticNormal() {}

  /** E sigmoid(z), z ~ N(mean, deviation^2), deviation not negative; both finite. */
  static double mean(double mean, double deviation) {
    double narrowed = deviation > WIDEST ? WIDEST / deviation : 1;
    double center = mean * narrowed;
    double width = deviation * narrowed;
    if (width == 0) {
      return Likelihood.sigmoid(center);
    }
    double step = SPACING / Math.max(1, width);
    int steps = (int) Math.ceil(REACH / step);
    double total = 1;
    double sum = Likelihood.sigmoid(center);
    for (int i = 1; i <= steps; i++) {
      double u = i * step;
      double weight = PlainMath.exp(-u * u / 2);
      total += 2 * weight;
      sum +=
          weight
              * (Likelihood.sigmoid(center + width * u) + Likelihood.sigmoid(center - width * u));
    }
    return sum / total;
  }
}
