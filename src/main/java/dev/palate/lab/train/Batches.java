package dev.palate.lab.train;

import dev.palate.lab.encode.EncodedPairs;
import java.util.Random;
import java.util.stream.IntStream;

/** Shuffled mini-batches of pairs; the last, short one of an epoch is left out. */
public final class Batches {

  private final double[] weights;
  private final Random random;
  private final int[] order;
  private final int size;

  /**
   * Overwritten by the next batch.
   *
   * @param pairs {@code int[n]}, indices
   * @param prompts {@code float[n*d]}, as the next two standardized
   * @param chosen {@code float[n*d]}
   * @param rejected {@code float[n*d]}
   * @param pair {@code float[n*F]}, see {@link EncodedPairs#pairDifferences}
   * @param weights {@code float[n]}
   * @param shifts {@code float[n*k]} and {@code shares}, {@code float[n]}: see {@link UserShifts}
   */
  record Batch(
      int[] pairs,
      float[] prompts,
      float[] chosen,
      float[] rejected,
      float[] pair,
      float[] weights,
      float[] shifts,
      float[] shares) {

    /**
     * @param f F, features of pairs; 0 for none
     */
    Batch(int n, int d, int f, int k) {
      this(
          new int[n],
          new float[n * d],
          new float[n * d],
          new float[n * d],
          new float[n * f],
          new float[n],
          new float[n * k],
          new float[n]);
    }

    int size() {
      return pairs.length;
    }

    /** All of a batch but what users' shifts say. */
    Batch fill(Batches batches, StandardizedPairs from, int index) {
      batches.weights(index, weights);
      int d = prompts.length / size();
      for (int i = 0; i < size(); i++) {
        pairs[i] = batches.pair(index, i);
        from.prompt(pairs[i], prompts, i * d);
        from.chosen(pairs[i], chosen, i * d);
        from.rejected(pairs[i], rejected, i * d);
        from.pair(pairs[i], pair, i * (pair.length / size()));
      }
      return this;
    }
  }

  /**
   * @param weights {@code double[n]} of the pairs
   * @param size of a batch, at most n
   */
  public Batches(double[] weights, int size, long seed) {
    this.weights = weights;
    this.random = new Random(seed);
    this.size = Math.min(size, weights.length);
    this.order = IntStream.range(0, weights.length).toArray();
  }

  public int size() {
    return size;
  }

  public int perEpoch() {
    return order.length / size;
  }

  public void shuffle() {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  /** The pair at a place of a batch. */
  public int pair(int batch, int place) {
    return order[batch * size + place];
  }

  /** The weights of a batch's pairs, summing to 1, into {@code float[size]}. */
  public void weights(int batch, float[] target) {
    double total = 0;
    for (int i = 0; i < size; i++) {
      total += weights[pair(batch, i)];
    }
    for (int i = 0; i < size; i++) {
      target[i] = (float) (weights[pair(batch, i)] / total);
    }
  }
}
