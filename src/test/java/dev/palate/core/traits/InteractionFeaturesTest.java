package dev.palate.core.traits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InteractionFeaturesTest {

  private static final double TOLERANCE = 2e-6;

  private final Random random = new Random(17);

  /** Of length 1, with other numbers before and behind. */
  private TokenStates states(int tokens, int layers, int dimension) {
    int offset = random.nextInt(40);
    float[] values = new float[offset + tokens * layers * dimension + 7];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    for (int from = offset; from < values.length - 7; from += dimension) {
      double squares = 0;
      for (int d = 0; d < dimension; d++) {
        squares += values[from + d] * values[from + d];
      }
      for (int d = 0; d < dimension; d++) {
        values[from + d] /= (float) Math.sqrt(squares);
      }
    }
    return new TokenStates(values, offset, tokens, layers, dimension);
  }

  private static double cosine(TokenStates a, int i, TokenStates b, int j, int layer) {
    double sum = 0;
    for (int d = 0; d < a.dimension(); d++) {
      sum += (double) a.values()[a.at(i, layer) + d] * b.values()[b.at(j, layer) + d];
    }
    return sum;
  }

  /** As the definitions have it, cosine by cosine. */
  private static double[] slow(TokenStates prompt, TokenStates response, int layer) {
    double[] ofPrompt = matches(prompt, response, layer);
    double[] ofResponse = matches(response, prompt, layer);
    double all = 0;
    double within = 0;
    double across = 0;
    for (int i = 0; i < prompt.tokens(); i++) {
      for (int j = 0; j < response.tokens(); j++) {
        all += cosine(prompt, i, response, j, layer);
      }
      for (int j = 0; j < prompt.tokens(); j++) {
        within += cosine(prompt, i, prompt, j, layer);
      }
    }
    for (int i = 0; i < response.tokens(); i++) {
      for (int j = 0; j < response.tokens(); j++) {
        across += cosine(response, i, response, j, layer);
      }
    }
    double count = (double) prompt.tokens() * response.tokens();
    return new double[] {
      mean(ofPrompt), least(ofPrompt), deviation(ofPrompt),
      mean(ofResponse), least(ofResponse), deviation(ofResponse),
      all / count, all / Math.sqrt(within * across)
    };
  }

  private static double[] matches(TokenStates of, TokenStates among, int layer) {
    double[] matches = new double[of.tokens()];
    for (int i = 0; i < matches.length; i++) {
      matches[i] = -2;
      for (int j = 0; j < among.tokens(); j++) {
        matches[i] = Math.max(matches[i], cosine(of, i, among, j, layer));
      }
    }
    return matches;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double least(double[] values) {
    double least = 2;
    for (double value : values) {
      least = Math.min(least, value);
    }
    return least;
  }

  private static double deviation(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += Math.pow(value - mean(values), 2);
    }
    return Math.sqrt(sum / values.length);
  }

  @Test
  void theyAreWhatTheirDefinitionsSayForEveryLengthAndDimension() {
    for (int dimension : new int[] {3, 6, 8, 24, 384}) {
      for (int[] tokens : new int[][] {{1, 1}, {1, 40}, {3, 2}, {4, 17}, {5, 1}, {37, 65}}) {
        TokenStates prompt = states(tokens[0], 2, dimension);
        TokenStates response = states(tokens[1], 2, dimension);
        float[] features = InteractionFeatures.of(prompt, response);
        assertThat(features).hasSize(2 * InteractionFeatures.PER_LAYER);
        for (int layer = 0; layer < 2; layer++) {
          double[] expected = slow(prompt, response, layer);
          for (int i = 0; i < expected.length; i++) {
            assertThat((double) features[layer * InteractionFeatures.PER_LAYER + i])
                .as("feature %d of layer %d, d = %d, tokens %s", i, layer, dimension, tokens)
                .isCloseTo(expected[i], within(TOLERANCE));
          }
        }
      }
    }
  }

  @Test
  void aTextMatchesItself() {
    TokenStates text = states(9, 1, 384);
    float[] features = InteractionFeatures.of(text, text);
    assertThat(new float[] {features[0], features[1], features[3], features[4], features[7]})
        .containsExactly(new float[] {1, 1, 1, 1, 1}, within(1e-6f));
  }

  @Test
  void ofATextWithoutTokensAllIsZero() {
    TokenStates nothing = new TokenStates(new float[0], 0, 0, 2, 8);
    TokenStates text = states(3, 2, 8);
    float[] zeros = new float[2 * InteractionFeatures.PER_LAYER];
    assertThat(InteractionFeatures.of(nothing, text)).isEqualTo(zeros);
    assertThat(InteractionFeatures.of(text, nothing)).isEqualTo(zeros);
    assertThat(InteractionFeatures.of(nothing, nothing)).isEqualTo(zeros);
  }

  /** A state that the encoder masked, or that has no direction. */
  @Test
  void ofStatesOfZeroNothingIsUndefined() {
    TokenStates zero = new TokenStates(new float[16], 0, 2, 1, 8);
    assertThat(InteractionFeatures.of(zero, states(3, 1, 8)))
        .isEqualTo(new float[InteractionFeatures.PER_LAYER]);
  }

  @Test
  void theSameStatesGiveTheSameNumbersWhereverTheyLie() {
    TokenStates prompt = states(11, 3, 24);
    TokenStates response = states(30, 3, 24);
    float[] moved = new float[100 + response.values().length];
    System.arraycopy(response.values(), response.offset(), moved, 100, 30 * 3 * 24);
    assertThat(InteractionFeatures.of(prompt, new TokenStates(moved, 100, 30, 3, 24)))
        .isEqualTo(InteractionFeatures.of(prompt, response));
  }

  @Test
  void namesAreOnePerNumberAndDifferent() {
    List<String> names = InteractionFeatures.names(List.of(2, 4));
    assertThat(names).hasSize(2 * InteractionFeatures.PER_LAYER).doesNotHaveDuplicates();
    assertThat(names).startsWith("layer 2: prompt tokens matched, mean");
    assertThat(InteractionFeatures.names(List.of())).isEmpty();
  }

  @Test
  void statesOfOtherLayersOrDimensionsAreRefused() {
    TokenStates states = states(2, 1, 8);
    for (TokenStates other : List.of(states(2, 2, 8), states(2, 1, 9))) {
      assertThatThrownBy(() -> InteractionFeatures.of(states, other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'response'");
    }
  }

  @Test
  void statesThatTheArrayDoesNotHoldAreRefused() {
    float[] values = new float[16];
    for (int[] bad :
        new int[][] {{-1, 1, 1, 8}, {0, -1, 1, 8}, {0, 1, 0, 8}, {0, 1, 1, 0}, {1, 2, 1, 8}}) {
      assertThatThrownBy(() -> new TokenStates(values, bad[0], bad[1], bad[2], bad[3]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(new TokenStates(values, 0, 2, 1, 8).tokens()).isEqualTo(2);
  }
}
