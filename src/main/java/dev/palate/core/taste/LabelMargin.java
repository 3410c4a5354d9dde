package dev.palate.core.taste;

import java.util.Arrays;
import java.util.Comparator;

/**
 * One preference label as the solver sees it.
 *
 * @param margins D_i, {@code float[k]}: expert rewards of chosen less those of rejected
 * @param routing {@code float[k]}: the dense routing of the label's prompt
 * @param strength g_i, in (0, 1]
 */
public record LabelMargin(float[] margins, float[] routing, double strength) {

  /** By content alone: the order in which labels arrived leaves no trace in a sum taken in it. */
  static final Comparator<LabelMargin> CANONICAL_ORDER =
      Comparator.comparing(LabelMargin::margins, Arrays::compare)
          .thenComparing(LabelMargin::routing, Arrays::compare)
          .thenComparingDouble(LabelMargin::strength);

  /**
   * The margin of the mixed reward under a user's shift: {@code (topM(w) + (w . a) d) . D}.
   *
   * @param shift d, {@code double[k]}
   * @param leeway a, {@code double[k]}
   */
  public double margin(double[] shift, double[] leeway, int topM) {
    double[] weights = RoutingWeights.personal(routing, shift, leeway, topM);
    double sum = 0;
    for (int j = 0; j < weights.length; j++) {
      sum += weights[j] * margins[j];
    }
    return sum;
  }

  /**
   * @throws IllegalArgumentException naming the field that is not as described
   */
  void requireValid(int k) {
    if (margins.length != k) {
      throw new IllegalArgumentException(
          "'margins' must have one value per expert, %d, had %d".formatted(k, margins.length));
    }
    if (routing.length != k) {
      throw new IllegalArgumentException(
          "'routing' must have one value per expert, %d, had %d".formatted(k, routing.length));
    }
    for (float margin : margins) {
      if (!Float.isFinite(margin)) {
        throw new IllegalArgumentException("'margins' must be finite, had " + margin);
      }
    }
    if (!(strength > 0 && strength <= 1)) {
      throw new IllegalArgumentException("'strength' must be in (0, 1], was " + strength);
    }
  }
}
