package dev.palate.core.taste;

/**
 * The grid of a user's own scale gamma: the shift's prior is the mixture of N(mu, gamma^2 Sigma)
 * over gamma. A small gamma is a user like everybody, a large one somebody of strong taste.
 *
 * @param scales gamma, positive, ascending, at most a million
 * @param masses pi_gamma, positive, of sum 1: how common each scale is among training users
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record ScaleGrid(double[] scales, double[] masses) {

  /** One scale: the prior as it is. A bundle of format 1 has this grid. */
  public static final ScaleGrid SINGLE = new ScaleGrid(new double[] {1}, new double[] {1});

  /** How far the masses' sum may be off: they are stored as floats. */
  private static final double ROUNDING = 1e-5;

  private static final double LARGEST = 1e6;

  /**
   * @throws IllegalArgumentException naming the field that is not as described
   */
  public ScaleGrid {
    scales = scales.clone();
    masses = masses.clone();
    if (scales.length == 0) {
      throw new IllegalArgumentException("'scales' must not be empty");
    }
    if (masses.length != scales.length) {
      throw new IllegalArgumentException(
          "'masses' must have one value per scale, %d, had %d"
              .formatted(scales.length, masses.length));
    }
    double before = 0;
    double sum = 0;
    for (int i = 0; i < scales.length; i++) {
      if (!(scales[i] > before && scales[i] <= LARGEST)) {
        throw new IllegalArgumentException(
            "'scales' must be positive, ascending and at most %s, had %s"
                .formatted(LARGEST, scales[i]));
      }
      if (!(masses[i] > 0)) {
        throw new IllegalArgumentException("'masses' must be positive, had " + masses[i]);
      }
      before = scales[i];
      sum += masses[i];
    }
    if (!(Math.abs(sum - 1) <= ROUNDING)) {
      throw new IllegalArgumentException("'masses' must sum to 1, summed to " + sum);
    }
  }

  /** How many scales there are. */
  public int size() {
    return scales.length;
  }
}
