package dev.palate.lab.encode;

import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.HeadForward;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.RoutingWeights;
import dev.palate.core.traits.PairFeatures;
import dev.palate.core.traits.PairTraits;
import dev.palate.core.traits.SharedExperts;
import dev.palate.lab.data.PreferencePair;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a head says of pairs: all that is needed of them afterwards, K numbers twice.
 *
 * @param margins D, {@code float[n][k]}: expert rewards of chosen less those of rejected
 * @param routing {@code float[n][k]}: dense routing, then the population's weights of the shared
 *     experts; pairs of one prompt share the array
 * @param shared K_s, how many of the k experts are shared, the last
 */
public record PairScores(float[][] margins, float[][] routing, int shared) {

  private static final float[] NONE = {};

  /** Of routed experts alone. */
  public PairScores(float[][] margins, float[][] routing) {
    this(margins, routing, 0);
  }

  /**
   * Plain Java forward of the head; no engine needed.
   *
   * @param head whose experts have, behind the learned features, a weight of each feature of pairs
   */
  public static PairScores of(Head head, EncodedPairs pairs) {
    int n = pairs.size();
    int d = pairs.encodings().dimension();
    float[][] margins = new float[n][];
    float[][] routing = new float[n][];
    Map<Integer, float[]> byPrompt = new HashMap<>();
    float[] chosen = new float[d];
    float[] rejected = new float[d];
    HeadForward forward = new HeadForward(head);
    int behind = d + head.featureCount();
    float[][] differences = pairs.pairDifferences();
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
      float[] read = differences == null ? NONE : differences[i];
      for (int f = 0; f < read.length; f++) {
        float difference = read[f];
        for (int k = 0; k < margins[i].length; k++) {
          margins[i][k] += head.experts()[k][behind + f] * difference;
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

  /**
   * Of routed experts that judge no pair: margins of 0, all routed alike.
   *
   * @param experts K_r
   */
  public static PairScores withoutRouted(int pairs, int experts) {
    float[] routing = new float[experts];
    Arrays.fill(routing, 1f / experts);
    float[][] margins = new float[pairs][experts];
    float[][] routings = new float[pairs][];
    Arrays.fill(routings, routing);
    return new PairScores(margins, routings);
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
    double[] weights = RoutingWeights.sparsify(routing[i], topM, shared);
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
    return new PairScores(someMargins, someRouting, shared);
  }

  /**
   * These scores of routed experts, followed by those of shared experts.
   *
   * @param more {@code float[n][K_s]}: margins of the shared experts
   * @param population m, {@code float[K_s]}
   */
  public PairScores withShared(float[][] more, float[] population) {
    int n = size();
    float[][] both = new float[n][];
    float[][] weights = new float[n][];
    Map<float[], float[]> extended = new IdentityHashMap<>();
    for (int i = 0; i < n; i++) {
      both[i] = joined(margins[i], more[i]);
      weights[i] = extended.computeIfAbsent(routing[i], row -> joined(row, population));
    }
    return new PairScores(both, weights, population.length);
  }

  /**
   * These scores of routed experts, followed by those of a bundle's shared experts.
   *
   * @param pairs n pairs, whose texts are read
   */
  public PairScores withShared(SharedExperts experts, List<PreferencePair> pairs) {
    float[][] more = new float[pairs.size()][];
    for (int i = 0; i < more.length; i++) {
      more[i] = experts.rewards(pairs.get(i).chosen());
      float[] rejected = experts.rewards(pairs.get(i).rejected());
      for (int j = 0; j < rejected.length; j++) {
        more[i][j] -= rejected[j];
      }
    }
    return withShared(more, experts.population());
  }

  /**
   * These scores of routed experts with what they read of prompt and response together.
   *
   * @param layers the encoder's interaction layers
   * @param pairs n pairs, whose texts are read
   * @param interactions of the pairs; null without interaction layers
   */
  public PairScores withPair(
      PairFeatures pair,
      List<Integer> layers,
      List<PreferencePair> pairs,
      EncodedPairs.@Nullable Interactions interactions) {
    int[] indices = pair.indices(layers);
    PairTraits traits = pair.traits();
    float[][] both = new float[size()][];
    for (int i = 0; i < both.length; i++) {
      PairTraits.Request prompt = PairTraits.request(pairs.get(i).prompt().text());
      float[] first = interactions == null ? NONE : interactions.row(interactions.chosen()[i]);
      float[] second = interactions == null ? NONE : interactions.row(interactions.rejected()[i]);
      float[] better =
          pair.rewards(PairFeatures.all(first, traits, prompt, pairs.get(i).chosen()), indices);
      float[] worse =
          pair.rewards(PairFeatures.all(second, traits, prompt, pairs.get(i).rejected()), indices);
      both[i] = margins[i].clone();
      for (int k = 0; k < better.length; k++) {
        both[i][k] += better[k] - worse[k];
      }
    }
    return new PairScores(both, routing, shared);
  }

  /** The scores of the routed experts alone. */
  public PairScores routed() {
    if (shared == 0) {
      return this;
    }
    int n = size();
    float[][] someMargins = new float[n][];
    float[][] someRouting = new float[n][];
    for (int i = 0; i < n; i++) {
      someMargins[i] = Arrays.copyOf(margins[i], margins[i].length - shared);
      someRouting[i] = Arrays.copyOf(routing[i], routing[i].length - shared);
    }
    return new PairScores(someMargins, someRouting);
  }

  private static float[] joined(float[] first, float[] second) {
    float[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
