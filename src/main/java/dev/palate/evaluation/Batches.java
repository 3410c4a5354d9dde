package dev.palate.evaluation;

import dev.palate.training.EncodedPairs;
import dev.palate.training.Standardization;
import java.util.Random;

/**
 * Shuffled mini-batches of standardized embeddings, as the trainer of bundles draws them; the last,
 * short one of an epoch is left out.
 */
final class Batches {

  private final EncodedPairs pairs;
  private final double[] weights;
  private final Standardization prompts;
  private final Standardization responses;
  private final Random random;
  private final int[] order;
  private final int size;
  private final float[] other;

  /**
   * @param weights {@code double[n]} of the pairs
   */
  Batches(
      EncodedPairs pairs,
      double[] weights,
      Standardization prompts,
      Standardization responses,
      int size,
      long seed) {
    this.pairs = pairs;
    this.weights = weights;
    this.prompts = prompts;
    this.responses = responses;
    this.random = new Random(seed);
    this.size = Math.min(size, pairs.size());
    this.other = new float[pairs.encodings().dimension()];
    this.order = new int[pairs.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
  }

  int size() {
    return size;
  }

  int perEpoch() {
    return order.length / size;
  }

  void shuffle() {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  /** The pair at a place of a batch. */
  int pair(int batch, int place) {
    return order[batch * size + place];
  }

  /** The weights of a batch's pairs, summing to 1, into {@code float[size]}. */
  void weights(int batch, float[] target) {
    double total = 0;
    for (int i = 0; i < size; i++) {
      total += weights[pair(batch, i)];
    }
    for (int i = 0; i < size; i++) {
      target[i] = (float) (weights[pair(batch, i)] / total);
    }
  }

  /** p(x) of a pair, standardized, to {@code target[offset ..]}. */
  void prompt(int pair, float[] target, int offset) {
    pairs.encodings().copy(pairs.prompts()[pair], target, offset);
    for (int j = 0; j < other.length; j++) {
      target[offset + j] = (target[offset + j] - prompts.mean()[j]) / prompts.deviation()[j];
    }
  }

  /** phi(x, y+) - phi(x, y-) of a pair, standardized, to {@code target[offset ..]}. */
  void difference(int pair, float[] target, int offset) {
    pairs.encodings().copy(pairs.chosen()[pair], target, offset);
    pairs.encodings().copy(pairs.rejected()[pair], other, 0);
    for (int j = 0; j < other.length; j++) {
      target[offset + j] = (target[offset + j] - other[j]) / responses.deviation()[j];
    }
  }
}
