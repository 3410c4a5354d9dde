package dev.palate.lab.encode;

import dev.palate.lab.data.PreferencePair;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pairs with the rows of their texts' embeddings.
 *
 * @param encodings where the rows are
 * @param pairs n pairs
 * @param prompts {@code int[n]}: row of p(x)
 * @param chosen {@code int[n]}: row of phi(x, y+)
 * @param rejected {@code int[n]}: row of phi(x, y-)
 * @param interactions null where the encoder's spec names no interaction layers
 * @param pairDifferences {@code float[n][F]}: standardized features of prompt and chosen response
 *     less those of prompt and rejected response; null where the experts read none
 */
public record EncodedPairs(
    Encodings encodings,
    List<PreferencePair> pairs,
    int[] prompts,
    int[] chosen,
    int[] rejected,
    @Nullable Interactions interactions,
    float @Nullable [][] pairDifferences) {

  /**
   * How the tokens of prompt and response match ({@code InteractionFeatures}), by rows of their
   * own.
   *
   * @param encodings rows of layers * 8 numbers
   * @param chosen {@code int[n]}: row of (x, y+)
   * @param rejected {@code int[n]}: row of (x, y-)
   */
  public record Interactions(Encodings encodings, int[] chosen, int[] rejected) {
    /** The numbers in a row, {@code float[layers * 8]}. */
    public float[] row(int row) {
      float[] numbers = new float[encodings.dimension()];
      encodings.copy(row, numbers, 0);
      return numbers;
    }

    Interactions at(int[] indices) {
      return new Interactions(encodings, some(chosen, indices), some(rejected, indices));
    }
  }

  /** Of an encoder that compares no token states. */
  public EncodedPairs(
      Encodings encodings,
      List<PreferencePair> pairs,
      int[] prompts,
      int[] chosen,
      int[] rejected) {
    this(encodings, pairs, prompts, chosen, rejected, null, null);
  }

  /** n. */
  public int size() {
    return pairs.size();
  }

  /** The pairs at these indices, in this order, over the same rows. */
  public EncodedPairs at(int[] indices) {
    PreferencePair[] some = new PreferencePair[indices.length];
    for (int i = 0; i < indices.length; i++) {
      some[i] = pairs.get(indices[i]);
    }
    return new EncodedPairs(
        encodings,
        List.of(some),
        some(prompts, indices),
        some(chosen, indices),
        some(rejected, indices),
        interactions == null ? null : interactions.at(indices),
        pairDifferences == null ? null : some(pairDifferences, indices));
  }

  EncodedPairs with(Interactions read) {
    return new EncodedPairs(encodings, pairs, prompts, chosen, rejected, read, pairDifferences);
  }

  /** F, how many features of prompt and response together the experts read; 0 for none. */
  public int pairFeatures() {
    return pairDifferences == null || pairDifferences.length == 0 ? 0 : pairDifferences[0].length;
  }

  /**
   * The same pairs, of which the experts read these too.
   *
   * @param differences {@code float[n][F]}
   */
  public EncodedPairs withPairDifferences(float[][] differences) {
    return new EncodedPairs(encodings, pairs, prompts, chosen, rejected, interactions, differences);
  }

  private static float[][] some(float[][] rows, int[] indices) {
    float[][] some = new float[indices.length][];
    for (int i = 0; i < some.length; i++) {
      some[i] = rows[indices[i]];
    }
    return some;
  }

  private static int[] some(int[] rows, int[] indices) {
    int[] some = new int[indices.length];
    for (int i = 0; i < some.length; i++) {
      some[i] = rows[indices[i]];
    }
    return some;
  }
}
