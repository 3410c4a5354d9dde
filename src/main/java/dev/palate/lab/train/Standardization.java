package dev.palate.lab.train;

import dev.palate.lab.encode.Encodings;

/**
 * Mean and standard deviation of each coordinate over a set of embeddings.
 *
 * @param mean {@code float[d]}
 * @param deviation {@code float[d]}, positive; 1 where a coordinate never varies
 */
public record Standardization(float[] mean, float[] deviation) {

  private static final double CONSTANT = 1e-6;

  /** Over the given rows, each counted once per mention. */
  public static Standardization of(Encodings encodings, int[]... rowLists) {
    int d = encodings.dimension();
    double[] sum = new double[d];
    double[] squares = new double[d];
    float[] row = new float[d];
    long n = 0;
    for (int[] rows : rowLists) {
      for (int index : rows) {
        encodings.copy(index, row, 0);
        n++;
        for (int j = 0; j < d; j++) {
          sum[j] += row[j];
          squares[j] += (double) row[j] * row[j];
        }
      }
    }
    float[] mean = new float[d];
    float[] deviation = new float[d];
    for (int j = 0; j < d; j++) {
      double m = sum[j] / n;
      mean[j] = (float) m;
      double found = Math.sqrt(Math.max(0, squares[j] / n - m * m));
      // A coordinate that never varies says nothing; divided by ~0 it would shout as soon as a text
      // is scored in which it differs
      deviation[j] = found < CONSTANT ? 1 : (float) found;
    }
    return new Standardization(mean, deviation);
  }
}
