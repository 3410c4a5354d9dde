package dev.palate.core.traits;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the tokens of a prompt and of a response match, by the cosines of their states: late
 * interaction (ColBERT, arXiv 2004.12832) as features. A token's match is its greatest cosine with
 * a token of the other text. Of a text without tokens every number is 0.
 *
 * <p>Time is prompt tokens x response tokens x dimension; memory is the response's states once more
 * and a few rows of cosines. Everything is computed in one order, so that the same states give the
 * same numbers.
 */
public final class InteractionFeatures {

  /** What is said of each layer. */
  private static final List<String> OF_A_LAYER =
      List.of(
          "prompt tokens matched, mean",
          "prompt tokens matched, least",
          "prompt tokens matched, deviation",
          "response tokens matched, mean",
          "response tokens matched, least",
          "response tokens matched, deviation",
          "all cosines, mean",
          "cosine of the means");

  /** Numbers of each layer. */
  public static final int PER_LAYER = OF_A_LAYER.size();

  /** Coordinates of a state that are taken in one go, and prompt tokens at a time. */
  private static final int STEP = 8;

  private static final int ROWS = 4;

  private InteractionFeatures() {}

  /**
   * The features' names, in their order.
   *
   * @param layers counted from 1
   * @return {@value #PER_LAYER} a layer
   */
  public static List<String> names(List<Integer> layers) {
    List<String> names = new ArrayList<>(PER_LAYER * layers.size());
    for (int layer : layers) {
      OF_A_LAYER.forEach(name -> names.add("layer %d: %s".formatted(layer, name)));
    }
    return names;
  }

  /**
   * @return {@code float[layers * PER_LAYER]}
   * @throws IllegalArgumentException where the two are not of the same layers and dimension
   */
  public static float[] of(TokenStates prompt, TokenStates response) {
    if (prompt.layers() != response.layers() || prompt.dimension() != response.dimension()) {
      throw new IllegalArgumentException(
          "'prompt' and 'response' must be of the same layers and dimension");
    }
    float[] features = new float[prompt.layers() * PER_LAYER];
    if (prompt.tokens() == 0 || response.tokens() == 0) {
      return features;
    }
    for (int layer = 0; layer < prompt.layers(); layer++) {
      of(prompt, response, layer, features);
    }
    return features;
  }

  private static void of(TokenStates prompt, TokenStates response, int layer, float[] features) {
    int n = response.tokens();
    float[][] columns = columns(response, layer);
    float[] ofPrompt = new float[prompt.tokens()];
    float[] ofResponse = new float[n];
    Arrays.fill(ofResponse, Float.NEGATIVE_INFINITY);
    float[][] states = new float[ROWS][columns.length];
    float[][] cosines = new float[ROWS][n];
    for (int from = 0; from < prompt.tokens(); from += ROWS) {
      int rows = Math.min(ROWS, prompt.tokens() - from);
      for (int row = 0; row < rows; row++) {
        int at = prompt.at(from + row, layer);
        System.arraycopy(prompt.values(), at, states[row], 0, prompt.dimension());
        Arrays.fill(cosines[row], 0);
      }
      for (int d = 0; d < columns.length; d += STEP) {
        for (int row = 0; row < rows; row++) {
          add(states[row], columns, d, cosines[row]);
        }
      }
      for (int row = 0; row < rows; row++) {
        ofPrompt[from + row] = greatest(cosines[row]);
        raise(ofResponse, cosines[row]);
      }
    }
    int at = layer * PER_LAYER;
    summary(ofPrompt, features, at);
    summary(ofResponse, features, at + 3);
    means(prompt, response, layer, features, at + 6);
  }

  /**
   * A layer's states by coordinate, {@code float[d][tokens]}; d is rounded up to {@value #STEP} by
   * zeros.
   */
  private static float[][] columns(TokenStates states, int layer) {
    int n = states.tokens();
    int dimension = states.dimension();
    float[] values = states.values();
    float[][] columns = new float[(dimension + STEP - 1) / STEP * STEP][n];
    for (int token = 0; token < n; token++) {
      int at = states.at(token, layer);
      for (int d = 0; d < dimension; d++) {
        columns[d][token] = values[at + d];
      }
    }
    return columns;
  }

  /** Adds the product of {@value #STEP} coordinates, to every token's sum: a loop of vectors. */
  private static void add(float[] state, float[][] columns, int d, float[] sums) {
    float s0 = state[d];
    float s1 = state[d + 1];
    float s2 = state[d + 2];
    float s3 = state[d + 3];
    float s4 = state[d + 4];
    float s5 = state[d + 5];
    float s6 = state[d + 6];
    float s7 = state[d + 7];
    float[] c0 = columns[d];
    float[] c1 = columns[d + 1];
    float[] c2 = columns[d + 2];
    float[] c3 = columns[d + 3];
    float[] c4 = columns[d + 4];
    float[] c5 = columns[d + 5];
    float[] c6 = columns[d + 6];
    float[] c7 = columns[d + 7];
    for (int t = 0; t < sums.length; t++) {
      sums[t] +=
          ((s0 * c0[t] + s1 * c1[t]) + (s2 * c2[t] + s3 * c3[t]))
              + ((s4 * c4[t] + s5 * c5[t]) + (s6 * c6[t] + s7 * c7[t]));
    }
  }

  private static float greatest(float[] values) {
    float greatest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      greatest = Math.max(greatest, value);
    }
    return greatest;
  }

  private static void raise(float[] greatest, float[] values) {
    for (int t = 0; t < greatest.length; t++) {
      greatest[t] = Math.max(greatest[t], values[t]);
    }
  }

  /** Mean, least and standard deviation. */
  private static void summary(float[] matches, float[] features, int at) {
    double sum = 0;
    float least = Float.POSITIVE_INFINITY;
    for (float match : matches) {
      sum += match;
      least = Math.min(least, match);
    }
    double mean = sum / matches.length;
    double squares = 0;
    for (float match : matches) {
      squares += (match - mean) * (match - mean);
    }
    features[at] = (float) mean;
    features[at + 1] = least;
    features[at + 2] = (float) Math.sqrt(squares / matches.length);
  }

  /** The mean of all cosines is the product of the mean states. */
  private static void means(
      TokenStates prompt, TokenStates response, int layer, float[] features, int at) {
    double[] first = mean(prompt, layer);
    double[] second = mean(response, layer);
    double product = product(first, second);
    double lengths = Math.sqrt(product(first, first) * product(second, second));
    features[at] = (float) product;
    features[at + 1] = lengths == 0 ? 0 : (float) (product / lengths);
  }

  private static double[] mean(TokenStates states, int layer) {
    double[] mean = new double[states.dimension()];
    for (int token = 0; token < states.tokens(); token++) {
      int at = states.at(token, layer);
      for (int d = 0; d < mean.length; d++) {
        mean[d] += states.values()[at + d];
      }
    }
    for (int d = 0; d < mean.length; d++) {
      mean[d] /= states.tokens();
    }
    return mean;
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += a[d] * b[d];
    }
    return sum;
  }
}
