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
  private final float[] other;

  /**
   * Overwritten by the next batch.
   *
   * @param pairs {@code int[n]}, indices
   * @param prompts {@code float[n*d]}
   * @param differences {@code float[n*d]}
   * @param weights {@code float[n]}
   * @param shifts {@code float[n*k]} and {@code shares}, {@code float[n]}: see {@link UserShifts}
   */
  record Batch(
      int[] pairs,
      float[] prompts,
      float[] differences,
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
    int n = Math.min(size, pairs.size());
    this.batch =
        new Batch(
            new int[n],
            new float[n * d],
            new float[n * d],
            new float[n],
            new float[n * experts],
            new float[n]);
    this.other = new float[d];
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
    int d = other.length;
    double total = 0;
    for (int i = 0; i < batch.size(); i++) {
      total += weights[order[index * batch.size() + i]];
    }
    for (int i = 0; i < batch.size(); i++) {
      int pair = order[index * batch.size() + i];
      int offset = i * d;
      batch.pairs()[i] = pair;
      batch.weights()[i] = (float) (weights[pair] / total);
      pairs.encodings().copy(pairs.prompts()[pair], batch.prompts(), offset);
      pairs.encodings().copy(pairs.chosen()[pair], batch.differences(), offset);
      pairs.encodings().copy(pairs.rejected()[pair], other, 0);
      for (int j = 0; j < d; j++) {
        float p = batch.prompts()[offset + j];
        batch.prompts()[offset + j] = (p - prompts.mean()[j]) / prompts.deviation()[j];
        float difference = batch.differences()[offset + j] - other[j];
        batch.differences()[offset + j] = difference / responses.deviation()[j];
      }
    }
    return batch;
  }
}
