package dev.palate.core.traits;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the routed experts read of prompt and response together, beside the response's embedding:
 * linear in standardized features, which are clipped to where training pairs lie.
 *
 * <p>Expert k gets {@code sum_f weights[k][f] z_f} more, with {@code z_f = (clip(feature_f, low_f,
 * high_f) - mean_f) / deviation_f}, and 0 where {@code deviation_f} is 0.
 *
 * @param names of F features, different, at least one: of {@link InteractionFeatures#names} and
 *     {@link PairTraits#NAMES}
 * @param mean of the clipped features in training, {@code float[F]}
 * @param deviation of the clipped features, {@code float[F]}; 0 for one that contributes nothing
 * @param low the least value that a feature counts as, {@code float[F]}
 * @param high the greatest, {@code float[F]}
 * @param weights {@code float[K_r][F]}
 * @param fluency of which texts the traits take order and spelling to be usual
 */
public record PairFeatures(
    List<String> names,
    float[] mean,
    float[] deviation,
    float[] low,
    float[] high,
    float[][] weights,
    Fluency fluency) {

  /**
   * @throws IllegalArgumentException naming the field that is not as described
   */
  public PairFeatures {
    names = List.copyOf(names);
    if (names.isEmpty() || new HashSet<>(names).size() < names.size()) {
      throw new IllegalArgumentException("'names' must be different and at least one");
    }
    int f = names.size();
    mean = SharedExperts.numbers("mean", mean, f);
    deviation = SharedExperts.numbers("deviation", deviation, f);
    low = SharedExperts.numbers("low", low, f);
    high = SharedExperts.numbers("high", high, f);
    for (int i = 0; i < f; i++) {
      if (deviation[i] < 0 || low[i] > high[i]) {
        throw new IllegalArgumentException(
            "'deviation' must not be negative and 'low' not above 'high', as they are of '%s'"
                .formatted(names.get(i)));
      }
    }
    if (weights.length == 0) {
      throw new IllegalArgumentException("'weights' must have a row for each routed expert");
    }
    weights = weights.clone();
    for (int k = 0; k < weights.length; k++) {
      weights[k] = SharedExperts.numbers("weights[" + k + "]", weights[k], f);
    }
  }

  /**
   * All features that this version computes where these layers are compared, in the order of {@link
   * #all}.
   */
  public static List<String> known(List<Integer> interactionLayers) {
    List<String> known = new ArrayList<>(InteractionFeatures.names(interactionLayers));
    known.addAll(PairTraits.NAMES);
    return known;
  }

  /**
   * Their values.
   *
   * @param interaction {@link InteractionFeatures#of}, empty without interaction layers
   * @param prompt read by {@link PairTraits#request}
   */
  public static float[] all(
      float[] interaction, PairTraits traitsOf, PairTraits.Request prompt, String response) {
    float[] traits = traitsOf.of(prompt, response);
    float[] all = new float[interaction.length + traits.length];
    System.arraycopy(interaction, 0, all, 0, interaction.length);
    System.arraycopy(traits, 0, all, interaction.length, traits.length);
    return all;
  }

  /** The traits that these features are of. */
  public PairTraits traits() {
    return new PairTraits(fluency);
  }

  /**
   * Where this version has the features.
   *
   * @return {@code int[F]}: indices into {@link #all}
   * @throws IllegalArgumentException naming those that it does not compute
   */
  public int[] indices(List<Integer> interactionLayers) {
    List<String> known = known(interactionLayers);
    Set<String> unknown = new LinkedHashSet<>(names);
    known.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "'pair_features' names %s, which this version does not compute with the interaction layers %s; it computes %s"
              .formatted(unknown, interactionLayers, known));
    }
    return names.stream().mapToInt(known::indexOf).toArray();
  }

  /**
   * What is added to the rewards of the routed experts.
   *
   * @param all of {@link #all}
   * @param indices of {@link #indices}
   * @return {@code float[K_r]}
   */
  public float[] rewards(float[] all, int[] indices) {
    double[] standardized = new double[names.size()];
    for (int f = 0; f < standardized.length; f++) {
      double clipped = Math.clamp(all[indices[f]], low[f], high[f]);
      standardized[f] = deviation[f] == 0 ? 0 : (clipped - mean[f]) / deviation[f];
    }
    float[] rewards = new float[weights.length];
    for (int k = 0; k < rewards.length; k++) {
      double sum = 0;
      for (int f = 0; f < standardized.length; f++) {
        sum += weights[k][f] * standardized[f];
      }
      rewards[k] = (float) sum;
    }
    return rewards;
  }
}
