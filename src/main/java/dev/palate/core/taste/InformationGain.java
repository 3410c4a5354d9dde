package dev.palate.core.taste;

/**
 * What the label of a pair would teach about a user, before anybody gives it.
 *
 * <p>The label depends on the user's shift d through one number, {@code z = s (b + c d . D)}. Under
 * the Laplace posterior z is normal, N(m, v), and with {@code p(z) = e + (1-2e) sigmoid(z)} and h
 * the entropy of a coin the mutual information of label and shift is
 *
 * <pre>I = h(E p(z)) - E h(p(z))
 * </pre>
 *
 * how unsure we are of the label, less how unsure we would be if we knew the user: nothing is
 * learned from a coin toss. It does not change when the two responses are swapped.
 *
 * <p>Expectations are sums over evenly spaced z (the trapezoid rule), whose error falls
 * exponentially in the spacing as the integrands have no singularity nearer to the real axis than
 * pi: 1e-12 or less here.
 *
 * <p>Sources: MacKay, Information-based objective functions for active data selection (1992);
 * Houlsby et al., arXiv 1112.5745 (2011).
 *
 * @param nats I, in nats: 0 to ln 2
 * @param curvature how much the label is expected to bend the loss by its margin: {@code E
 *     (dp/dt)^2 / (p (1 - p))}, t the margin, s included
 */
public record InformationGain(double nats, double curvature) {

  /** In standard deviations of z, and in units of z. */
  private static final double SPACING = 0.5;

  private static final double REACH = 8.5;

  /**
   * A wider z is taken for one as wide as this: the sigmoid is a step to it, and I is too low by
   * 0.007 at most, pi^2 / 3 over its width and sqrt(2 pi).
   */
  private static final double WIDEST = 200;

  /** Below it p log p is 0. */
  private static final double LEAST = 1e-300;

  /**
   * @param margin mean of the margin {@code b + c d . D} under the posterior, without s
   * @param variance of it
   * @throws IllegalArgumentException naming the argument that is not as described
   */
  public static InformationGain of(Likelihood likelihood, double margin, double variance) {
    if (!(Math.abs(margin) <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("'margin' must be finite, was " + margin);
    }
    if (!(variance >= 0 && variance <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "'variance' must be finite and not negative, was " + variance);
    }
    double s = likelihood.scale();
    double e = likelihood.labelNoise();
    double deviation = s * Math.sqrt(variance);
    double narrowed = deviation > WIDEST ? WIDEST / deviation : 1;
    double mean = s * margin * narrowed;
    deviation *= narrowed;
    double step = SPACING / Math.max(1, deviation);
    int steps = (int) Math.ceil(REACH / step);
    double total = 0;
    double first = 0;
    double second = 0;
    double unsure = 0;
    double bend = 0;
    for (int i = -steps; i <= steps; i++) {
      double u = i * step;
      double weight = PlainMath.exp(-u * u / 2);
      double z = mean + deviation * u;
      double small = PlainMath.exp(-Math.abs(z));
      double more = 1 / (1 + small);
      double less = small * more;
      double p = e + (1 - 2 * e) * (z >= 0 ? more : less);
      double q = e + (1 - 2 * e) * (z >= 0 ? less : more);
      total += weight;
      first += weight * p;
      second += weight * q;
      unsure += weight * entropy(p, q);
      bend += weight * fisher((1 - 2 * e) * (more * less), p, q);
    }
    double gain = entropy(first / total, second / total) - unsure / total;
    return new InformationGain(Math.max(0, gain), s * s * bend / total);
  }

  /** Of a coin that falls one way with p, the other with q = 1 - p; both, as either may be tiny. */
  private static double entropy(double p, double q) {
    return -(timesLog(p) + timesLog(q));
  }

  private static double timesLog(double p) {
    return p > LEAST ? p * PlainMath.log(p) : 0;
  }

  private static double fisher(double slope, double p, double q) {
    return Math.min(p, q) > LEAST ? slope / p * (slope / q) : 0;
  }
}
