package dev.palate.core.taste;

/**
 * How a margin becomes a probability (MODEL.md): {@code e + (1 - 2e) sigmoid(scale * margin)}.
 *
 * @param scale s, positive
 * @param labelNoise e, in [0, 0.5)
 * @param topM how many routing weights of routed experts are kept, renormalized, before the shift
 *     is added
 * @param sharedExperts K_s: how many of the experts, the last ones, are shared. Their entries of a
 *     routing vector are population weights of any sign, which pass unchanged
 */
public record Likelihood(double scale, double labelNoise, int topM, int sharedExperts) {

  public Likelihood {
    if (!(scale > 0 && scale <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("'scale' must be positive and finite, was " + scale);
    }
    if (!(labelNoise >= 0 && labelNoise < 0.5)) {
      throw new IllegalArgumentException("'labelNoise' must be in [0, 0.5), was " + labelNoise);
    }
    if (topM < 1) {
      throw new IllegalArgumentException("'topM' must be at least 1, was " + topM);
    }
    if (sharedExperts < 0) {
      throw new IllegalArgumentException(
          "'sharedExperts' must not be negative, was " + sharedExperts);
    }
  }

  /** The likelihood of a bundle whose experts are all routed. */
  public Likelihood(double scale, double labelNoise, int topM) {
    this(scale, labelNoise, topM, 0);
  }

  /** The same under another label noise. */
  public Likelihood withLabelNoise(double other) {
    return new Likelihood(scale, other, topM, sharedExperts);
  }

  /** P(chosen preferred) at a margin of the mixed reward. */
  public double probability(double margin) {
    return labelNoise + (1 - 2 * labelNoise) * sigmoid(scale * margin);
  }

  /** log P(chosen preferred), without underflow at any finite margin. */
  public double logProbability(double margin) {
    return labelNoise == 0
        ? -softplus(-scale * margin)
        : PlainMath.log(labelNoise + (1 - 2 * labelNoise) * sigmoid(scale * margin));
  }

  static double sigmoid(double x) {
    double small = PlainMath.exp(-Math.abs(x));
    return (x >= 0 ? 1 : small) / (1 + small);
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + PlainMath.log1p(PlainMath.exp(-Math.abs(x)));
  }
}
