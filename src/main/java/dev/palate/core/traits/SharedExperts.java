package dev.palate.core.traits;

import java.util.HashSet;
import java.util.List;

/**
 * Experts that are always on, one named trait of taste each: linear in the standardized traits of
 * the response, whatever the prompt. A trait is first clipped to where training texts lie, so that
 * no text wins by being absurd.
 *
 * <p>The reward of expert k is {@code sum_t weights[k][t] z_t} with {@code z_t = (clip(trait_t,
 * low_t, high_t) - mean_t) / deviation_t}, and 0 where {@code deviation_t} is 0.
 *
 * @param names of K_s experts, for people; different, not blank
 * @param descriptions a sentence each that says the sign: positive means more of the name
 * @param mean of the clipped traits in training, {@code float[traits]}, as {@link TextTraits#NAMES}
 * @param deviation of the clipped traits, {@code float[traits]}; 0 for a trait that contributes
 *     nothing
 * @param low the least value that a trait counts as, {@code float[traits]}
 * @param high the greatest, {@code float[traits]}
 * @param weights {@code float[K_s][traits]}
 * @param population m, the population's weight of each expert, {@code float[K_s]}
 */
public record SharedExperts(
    List<String> names,
    List<String> descriptions,
    float[] mean,
    float[] deviation,
    float[] low,
    float[] high,
    float[][] weights,
    float[] population) {

  /**
   * @throws IllegalArgumentException naming the field that is not as described
   */
  public SharedExperts {
    names = texts("names", names);
    descriptions = texts("descriptions", descriptions);
    if (names.isEmpty() || new HashSet<>(names).size() < names.size()) {
      throw new IllegalArgumentException("'names' must be different and at least one");
    }
    int k = names.size();
    if (descriptions.size() != k) {
      throw new IllegalArgumentException("'descriptions' must be %d, as 'names'".formatted(k));
    }
    int traits = TextTraits.NAMES.size();
    mean = numbers("mean", mean, traits);
    deviation = numbers("deviation", deviation, traits);
    low = numbers("low", low, traits);
    high = numbers("high", high, traits);
    for (int t = 0; t < traits; t++) {
      if (deviation[t] < 0) {
        throw new IllegalArgumentException(
            "'deviation' must not be negative: %s of %s".formatted(deviation[t], name(t)));
      }
      if (low[t] > high[t]) {
        throw new IllegalArgumentException(
            "'low' must not be above 'high': %s, %s of %s".formatted(low[t], high[t], name(t)));
      }
    }
    if (weights == null || weights.length != k) {
      throw new IllegalArgumentException("'weights' must be %d rows, as 'names'".formatted(k));
    }
    weights = weights.clone();
    for (int i = 0; i < k; i++) {
      weights[i] = numbers("weights[" + i + "]", weights[i], traits);
    }
    population = numbers("population", population, k);
  }

  private static String name(int trait) {
    return TextTraits.NAMES.get(trait);
  }

  private static List<String> texts(String field, List<String> texts) {
    if (texts == null || texts.stream().anyMatch(text -> text == null || text.isBlank())) {
      throw new IllegalArgumentException("'" + field + "' must be texts, none of them blank");
    }
    return List.copyOf(texts);
  }

  static float[] numbers(String field, float[] values, int size) {
    if (values == null || values.length != size) {
      throw new IllegalArgumentException("'%s' must be %d numbers".formatted(field, size));
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException("'%s' must be finite, was %s".formatted(field, value));
      }
    }
    return values.clone();
  }

  /** K_s, the number of experts. */
  public int expertCount() {
    return names.size();
  }

  /** The same experts under another population, {@code float[K_s]}. */
  public SharedExperts withPopulation(float[] other) {
    return new SharedExperts(names, descriptions, mean, deviation, low, high, weights, other);
  }

  /**
   * What each expert gives a text, {@code float[K_s]}.
   *
   * @throws NullPointerException for null
   */
  public float[] rewards(String response) {
    return rewards(TextTraits.of(response));
  }

  /**
   * What each expert gives a text with these traits, {@code float[K_s]}.
   *
   * @param traits {@link TextTraits#of}, {@code float[traits]}
   * @throws IllegalArgumentException for another number of traits or one that is not finite
   */
  public float[] rewards(float[] traits) {
    float[] known = numbers("traits", traits, mean.length);
    double[] standardized = new double[known.length];
    for (int t = 0; t < known.length; t++) {
      double clipped = Math.clamp(known[t], low[t], high[t]);
      standardized[t] = deviation[t] == 0 ? 0 : (clipped - mean[t]) / deviation[t];
    }
    float[] rewards = new float[weights.length];
    for (int k = 0; k < weights.length; k++) {
      double sum = 0;
      for (int t = 0; t < standardized.length; t++) {
        sum += weights[k][t] * standardized[t];
      }
      rewards[k] = (float) sum;
    }
    return rewards;
  }
}
