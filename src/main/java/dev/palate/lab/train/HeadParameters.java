package dev.palate.lab.train;

import dev.palate.core.bundle.Head;
import java.util.Arrays;
import java.util.Random;

/**
 * What training learns, as flat row-major arrays over standardized embeddings.
 *
 * @param features f, how many learned features the experts read beside the embedding
 * @param pair F, how many features of prompt and response together the experts read behind those
 * @param pairStart what the features of pairs are meant to say, {@code float[F]}: where their
 *     weights begin and are drawn to
 * @param tensors W1 {@code [h*d]}, b1 {@code [h]}, W2 {@code [k*h]}, b2 {@code [k]}, V {@code
 *     [k*(d+f+F)]}, and where f is not 0 U {@code [f*d]}, c {@code [f]}; in this order
 */
public record HeadParameters(
    int dimension,
    int hidden,
    int features,
    int pair,
    int experts,
    float[] pairStart,
    float[][] tensors) {

  /** Features of pairs, if any, are meant to say nothing. */
  public HeadParameters(
      int dimension, int hidden, int features, int pair, int experts, float[][] tensors) {
    this(dimension, hidden, features, pair, experts, new float[pair], tensors);
  }

  static final int W1 = 0;
  static final int B1 = 1;
  static final int W2 = 2;
  static final int B2 = 3;
  static final int V = 4;
  static final int U = 5;
  static final int C = 6;

  /** Small random weights; the experts start apart, so that the router has something to choose. */
  public static HeadParameters random(
      int dimension, int hidden, int features, int pair, int experts, long seed) {
    Random random = new Random(seed);
    float[][] tensors = new float[features > 0 ? C + 1 : V + 1][];
    tensors[W1] = normal(random, hidden * dimension, Math.sqrt(2.0 / dimension));
    tensors[B1] = new float[hidden];
    tensors[W2] = normal(random, experts * hidden, 1 / Math.sqrt(hidden));
    tensors[B2] = new float[experts];
    int read = dimension + features + pair;
    tensors[V] = normal(random, experts * read, 0.5 / read);
    if (features > 0) {
      tensors[U] = normal(random, features * dimension, 1 / Math.sqrt(dimension));
      tensors[C] = new float[features];
    }
    return new HeadParameters(dimension, hidden, features, pair, experts, tensors);
  }

  /**
   * The same with other weights of the features of pairs, alike for every expert.
   *
   * @param start {@code float[F]}
   */
  HeadParameters withPairWeights(float[] start) {
    HeadParameters copy =
        new HeadParameters(dimension, hidden, features, pair, experts, start, copy().tensors);
    putPairWeights(start, copy.tensors[V]);
    return copy;
  }

  /** V_0 of the loss: zeros but for the features of pairs, {@code float[k*(d+f+F)]}. */
  float[] center() {
    float[] center = new float[tensors[V].length];
    putPairWeights(pairStart, center);
    return center;
  }

  private void putPairWeights(float[] weights, float[] experts) {
    int read = dimension + features + pair;
    for (int at = dimension + features; at < experts.length; at += read) {
      System.arraycopy(weights, 0, experts, at, weights.length);
    }
  }

  /** One number a tensor, by what the tensor belongs to. */
  double[] each(
      double router, double routerBias, double experts, double features, double featuresBias) {
    double[] all = {router, routerBias, router, routerBias, experts, features, featuresBias};
    return Arrays.copyOf(all, tensors.length);
  }

  /** Each tensor's shape. */
  long[][] shapes() {
    long d = dimension;
    long h = hidden;
    long k = experts;
    long f = features;
    long[][] all = {{h, d}, {h}, {k, h}, {k}, {k, d + f + pair}, {f, d}, {f}};
    return Arrays.copyOf(all, tensors.length);
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
    return new HeadParameters(dimension, hidden, features, pair, experts, pairStart, copies);
  }

  /**
   * The same functions of the raw embeddings: standardization folded in. The experts lose the
   * constant that centring gave all responses alike; margins are the same. Behind the learned
   * features, the experts' rows keep their weights of the features of pairs, which {@link
   * dev.palate.lab.encode.PairScores} reads and a bundle has apart.
   */
  public Head fold(Standardization prompts, Standardization responses) {
    float[][] w1 = rows(tensors[W1], hidden, dimension);
    float[] b1 = tensors[B1].clone();
    fold(w1, b1, prompts);
    float[][] v = rows(tensors[V], experts, dimension + features + pair);
    for (float[] expert : v) {
      for (int j = 0; j < dimension; j++) {
        expert[j] /= responses.deviation()[j];
      }
    }
    float[][] u = features > 0 ? rows(tensors[U], features, dimension) : new float[0][];
    float[] c = features > 0 ? tensors[C].clone() : new float[0];
    fold(u, c, responses);
    return new Head(w1, b1, rows(tensors[W2], experts, hidden), tensors[B2].clone(), u, c, v);
  }

  /** A layer over standardized embeddings becomes the same one over raw ones. */
  private static void fold(float[][] weights, float[] bias, Standardization of) {
    for (int row = 0; row < weights.length; row++) {
      double shift = 0;
      for (int j = 0; j < weights[row].length; j++) {
        weights[row][j] /= of.deviation()[j];
        shift += (double) weights[row][j] * of.mean()[j];
      }
      bias[row] -= (float) shift;
    }
  }

  private static float[][] rows(float[] flat, int rows, int columns) {
    float[][] matrix = new float[rows][columns];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(flat, i * columns, matrix[i], 0, columns);
    }
    return matrix;
  }
}
