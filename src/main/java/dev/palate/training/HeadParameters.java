package dev.palate.training;

import dev.palate.reward.Head;
import java.util.Random;

/**
 * What training learns, as flat row-major arrays over standardized embeddings.
 *
 * @param tensors W1 {@code [h*d]}, b1 {@code [h]}, W2 {@code [k*h]}, b2 {@code [k]}, V {@code
 *     [k*d]}, in this order
 */
public record HeadParameters(int dimension, int hidden, int experts, float[][] tensors) {

  static final int W1 = 0;
  static final int B1 = 1;
  static final int W2 = 2;
  static final int B2 = 3;
  static final int V = 4;

  /** Small random weights; the experts start apart, so that the router has something to choose. */
  public static HeadParameters random(int dimension, int hidden, int experts, long seed) {
    Random random = new Random(seed);
    return new HeadParameters(
        dimension,
        hidden,
        experts,
        new float[][] {
          normal(random, hidden * dimension, Math.sqrt(2.0 / dimension)),
          new float[hidden],
          normal(random, experts * hidden, 1 / Math.sqrt(hidden)),
          new float[experts],
          normal(random, experts * dimension, 0.5 / dimension)
        });
  }

  private static float[] normal(Random random, int n, double deviation) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return values;
  }

  HeadParameters copy() {
    float[][] copies = new float[tensors.length][];
    for (int i = 0; i < tensors.length; i++) {
      copies[i] = tensors[i].clone();
    }
    return new HeadParameters(dimension, hidden, experts, copies);
  }

  /**
   * The same functions of the raw embeddings: standardization folded in. The experts lose the
   * constant that centring gave all responses alike; margins are the same.
   */
  public Head fold(Standardization prompts, Standardization responses) {
    float[][] w1 = rows(tensors[W1], hidden, dimension);
    float[] b1 = tensors[B1].clone();
    for (int row = 0; row < hidden; row++) {
      double shift = 0;
      for (int j = 0; j < dimension; j++) {
        w1[row][j] /= prompts.deviation()[j];
        shift += (double) w1[row][j] * prompts.mean()[j];
      }
      b1[row] -= (float) shift;
    }
    float[][] v = rows(tensors[V], experts, dimension);
    for (float[] expert : v) {
      for (int j = 0; j < dimension; j++) {
        expert[j] /= responses.deviation()[j];
      }
    }
    return new Head(w1, b1, rows(tensors[W2], experts, hidden), tensors[B2].clone(), v);
  }

  private static float[][] rows(float[] flat, int rows, int columns) {
    float[][] matrix = new float[rows][columns];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(flat, i * columns, matrix[i], 0, columns);
    }
    return matrix;
  }
}
