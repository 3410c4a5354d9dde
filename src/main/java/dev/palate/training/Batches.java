package dev.palate.training;

import java.util.Random;

/** Shuffled mini-batches, standardized; the last, short one of an epoch is left out. */
final class Batches {

  private final EncodedPairs pairs;
  private final double[] weights;
  private final Standardization prompts;
  private final Standardization responses;
  private final Random random;
  private final int[] order;
  private final Batch batch;
  private final int dimension;

  /**
   * Overwritten by the next batch.
   *
   * @param pairs {@code int[n]}, indices
   * @param prompts {@code float[n*d]}, as the next two standardized
   * @param chosen {@code float[n*d]}
   * @param rejected {@code float[n*d]}
   * @param weights {@code float[n]}
   * @param shifts {@code float[n*k]} and {@code shares}, {@code float[n]}: see {@link UserShifts}
   */
  record Batch(
      int[] pairs,
      float[] prompts,
      float[] chosen,
      float[] rejected,
      float[] weights,
      float[] shifts,
      float[] shares) {
    int size() {
      return pairs.length;
    }
  }

  Batches(
      EncodedPairs pairs,
      double[] weights,
      Standardization prompts,
      Standardization responses,
      int size,
      int experts,
      long seed) {
    this.pairs = pairs;
    this.weights = weights;
    this.prompts = prompts;
    this.responses = responses;
    this.random = new Random(seed);
    int d = pairs.encodings().dimension();
    this.dimension = d;
    int n = Math.min(size, pairs.size());
    this.batch =
        new Batch(
            new int[n],
            new float[n * d],
            new float[n * d],
            new float[n * d],
            new float[n],
            new float[n * experts],
            new float[n]);
    this.order = new int[pairs.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
  }

  int perEpoch() {
    return order.length / batch.size();
  }

  void shuffle() {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  Batch fill(int index) {
    double total = 0;
    for (int i = 0; i < batch.size(); i++) {
      total += weights[order[index * batch.size() + i]];
    }
    for (int i = 0; i < batch.size(); i++) {
      int pair = order[index * batch.size() + i];
      int offset = i * dimension;
      batch.pairs()[i] = pair;
      batch.weights()[i] = (float) (weights[pair] / total);
      standardized(pairs.prompts()[pair], prompts, batch.prompts(), offset);
      standardized(pairs.chosen()[pair], responses, batch.chosen(), offset);
      standardized(pairs.rejected()[pair], responses, batch.rejected(), offset);
    }
    return batch;
  }

  private void standardized(int row, Standardization by, float[] target, int offset) {
    pairs.encodings().copy(row, target, offset);
    for (int j = 0; j < dimension; j++) {
      target[offset + j] = (target[offset + j] - by.mean()[j]) / by.deviation()[j];
    }
  }
}
