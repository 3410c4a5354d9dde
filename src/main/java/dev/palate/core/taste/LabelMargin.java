package dev.palate.core.taste;

import java.util.Arrays;
import java.util.Comparator;

/**
 * One label as the solver sees it: a preference, or a tie.
 *
 * <p>A tie counts as two preferences of half its strength, one each way. Their loss is least where
 * the personal margin is 0, so a tie pulls it there from either side.
 *
 * @param margins D_i, {@code float[k]}: expert rewards of chosen less those of rejected; of a tie,
 *     of either response less those of the other
 * @param routing {@code float[k]}: the dense routing of the label's prompt, then the population's
 *     weights of shared experts
 * @param strength g_i, in (0, 1]
 * @param tie neither response is preferred
 */
public record LabelMargin(float[] margins, float[] routing, double strength, boolean tie) {

  /** By content alone: the order in which labels arrived leaves no trace in a sum taken in it. */
  static final Comparator<LabelMargin> CANONICAL_ORDER =
      Comparator.comparing(LabelMargin::margins, Arrays::compare)
          .thenComparing(LabelMargin::routing, Arrays::compare)
          .thenComparingDouble(LabelMargin::strength)
          .thenComparing(LabelMargin::tie);

  /** A preference. */
  public LabelMargin(float[] margins, float[] routing, double strength) {
    this(margins, routing, strength, false);
  }

  /**
   * A tie. The order of the two responses does not matter: negated margins are the same tie.
   *
   * @param strength of the two half labels together, in (0, 1]
   */
  public static LabelMargin tie(float[] margins, float[] routing, double strength) {
    return new LabelMargin(margins, routing, strength, true);
  }

  /**
   * The margin of the mixed reward under a user's shift, all experts being routed: {@code (topM(w)
   * + (w . a) d) . D}.
   *
   * @param shift d, {@code double[k]}
   * @param leeway a, {@code double[k]}
   */
  public double margin(double[] shift, double[] leeway, int topM) {
    return margin(RoutingWeights.personal(routing, shift, leeway, topM));
  }

  /**
   * The margin of the mixed reward under a user's shift: {@code ([topM(w); m] + a(x) d) . D}.
   *
   * @param shift d, {@code double[k]}
   * @param leeway a, {@code double[k]}
   * @param likelihood whose {@code topM} and {@code sharedExperts} apply
   */
  public double margin(double[] shift, double[] leeway, Likelihood likelihood) {
    return margin(
        RoutingWeights.personal(
            routing, shift, leeway, likelihood.topM(), likelihood.sharedExperts()));
  }

  private double margin(double[] weights) {
    double sum = 0;
    for (int j = 0; j < weights.length; j++) {
      sum += weights[j] * margins[j];
    }
    return sum;
  }

  /**
   * The tie's half label one way or the other; of the strength of the tie, of which half counts.
   */
  LabelMargin half(boolean negated) {
    float[] half = new float[margins.length];
    for (int j = 0; j < half.length; j++) {
      // Differences from zero: -0 would tell the order of the responses
      half[j] = negated ? 0 - margins[j] : 0 + margins[j];
    }
    return new LabelMargin(half, routing, strength, true);
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
