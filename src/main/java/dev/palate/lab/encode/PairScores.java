package dev.palate.lab.encode;

import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.HeadForward;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.RoutingWeights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What a head says of pairs: all that is needed of them afterwards, K numbers twice.
 *
 * @param margins D, {@code float[n][k]}: expert rewards of chosen less those of rejected
 * @param routing {@code float[n][k]}: dense routing; pairs of one prompt share the array
 */
public record PairScores(float[][] margins, float[][] routing) {

  /** Plain Java forward of the head; no engine needed. */
  public static PairScores of(Head head, EncodedPairs pairs) {
    int n = pairs.size();
    int d = pairs.encodings().dimension();
    float[][] margins = new float[n][];
    float[][] routing = new float[n][];
    Map<Integer, float[]> byPrompt = new HashMap<>();
    float[] chosen = new float[d];
    float[] rejected = new float[d];
    HeadForward forward = new HeadForward(head);
    FeatureRewards features =
        head.featureCount() > 0 ? new FeatureRewards(forward, pairs.encodings()) : null;
    for (int i = 0; i < n; i++) {
      pairs.encodings().copy(pairs.chosen()[i], chosen, 0);
      pairs.encodings().copy(pairs.rejected()[i], rejected, 0);
      for (int j = 0; j < d; j++) {
        chosen[j] -= rejected[j];
      }
      margins[i] = forward.linear(chosen);
      if (features != null) {
        float[] better = features.of(pairs.chosen()[i]);
        float[] worse = features.of(pairs.rejected()[i]);
        for (int k = 0; k < better.length; k++) {
          margins[i][k] += better[k] - worse[k];
        }
      }
      routing[i] =
          byPrompt.computeIfAbsent(
              pairs.prompts()[i],
              row -> {
                float[] prompt = new float[d];
                pairs.encodings().copy(row, prompt, 0);
                return forward.routing(prompt);
              });
    }
    return new PairScores(margins, routing);
  }

  /**
   * Of a model that answers texts itself.
   *
   * @param answers whose rows hold 2K numbers: expert rewards, then routing logits
   */
  static PairScores ofAnswers(EncodedPairs answers) {
    int n = answers.size();
    int k = answers.encodings().dimension() / 2;
    float[][] margins = new float[n][];
    float[][] routing = new float[n][];
    Map<Integer, float[]> byPrompt = new HashMap<>();
    float[] row = new float[2 * k];
    for (int i = 0; i < n; i++) {
      answers.encodings().copy(answers.chosen()[i], row, 0);
      margins[i] = Arrays.copyOf(row, k);
      answers.encodings().copy(answers.rejected()[i], row, 0);
      for (int j = 0; j < k; j++) {
        margins[i][j] -= row[j];
      }
      routing[i] =
          byPrompt.computeIfAbsent(
              answers.prompts()[i],
              prompt -> {
                answers.encodings().copy(prompt, row, 0);
                return HeadForward.softmax(Arrays.copyOfRange(row, k, 2 * k));
              });
    }
    return new PairScores(margins, routing);
  }

  /** n. */
  public int size() {
    return margins.length;
  }

  /** D of MODEL.md with the m largest routing weights, renormalized; m = K is the dense mixture. */
  public double[] margins(int topM) {
    double[] mixed = new double[size()];
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] = mixed(i, topM);
    }
    return mixed;
  }

  private double mixed(int i, int topM) {
    double[] weights = RoutingWeights.sparsify(routing[i], topM);
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * margins[i][k];
    }
    return sum;
  }

  /** A pair as the solver sees it. */
  public LabelMargin label(int i, double strength) {
    return new LabelMargin(margins[i], routing[i], strength);
  }

  /** The scores of the pairs at these indices, in this order. */
  public PairScores at(int[] indices) {
    float[][] someMargins = new float[indices.length][];
    float[][] someRouting = new float[indices.length][];
    for (int i = 0; i < indices.length; i++) {
      someMargins[i] = margins[indices[i]];
      someRouting[i] = routing[indices[i]];
    }
    return new PairScores(someMargins, someRouting);
  }
}
