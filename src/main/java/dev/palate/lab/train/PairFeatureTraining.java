package dev.palate.lab.train;

import dev.palate.core.bundle.Head;
import dev.palate.core.traits.Fluency;
import dev.palate.core.traits.InteractionFeatures;
import dev.palate.core.traits.PairFeatures;
import dev.palate.core.traits.PairTraits;
import dev.palate.lab.data.MadePairs;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.EncodedPairs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What experts read of prompt and response together, for training: features of all pairs, clipped
 * and standardized by the training pairs (MODEL.md, "What the experts read"). The experts' rows
 * have the weights of the features behind all others; {@link #features} takes them apart again.
 */
public final class PairFeatureTraining {

  private static final double TAIL = .002;

  /** Deviations that a feature's range covers at most: a rare one's deviation is raised to that. */
  private static final double WIDEST = 6;

  private static final double CONSTANT = 1e-6;

  /**
   * The features are few and say much where the embedding's coordinates are many and say little: so
   * many times louder, they are learned faster and decay less.
   */
  private static final float LOUDNESS = 4;

  /**
   * What a trait is meant to say, in logits a unit: where training begins. Preference data hardly
   * shows some of them, since few people are offered a poem where they asked for a table; such
   * traits stay near here, the others move to what the data says.
   */
  private static final Map<String, Double> MEANT =
      Map.ofEntries(
          Map.entry("shared_words", 1.0),
          Map.entry("request_coverage", 1.0),
          Map.entry("echo", -3.0),
          Map.entry("same_script", 1.5),
          Map.entry("same_language", 2.0),
          Map.entry("word_order", 1.5),
          Map.entry("spelling", .5),
          Map.entry("finished", .7),
          Map.entry("substance", .3),
          Map.entry("unreadable", -9.0),
          Map.entry("empty", -12.0),
          Map.entry("refusal", -1.0),
          Map.entry("non_answer", -1.5),
          Map.entry("dismissive", -.7),
          Map.entry("repeated_sentences", -3.0),
          Map.entry("repeated_phrases", -3.0),
          Map.entry("refusal_of_harm", 2.0),
          Map.entry("warmth_for_feeling", .4),
          Map.entry("tone_asked", .5),
          Map.entry("list_asked", .5),
          Map.entry("table_asked", .7),
          Map.entry("code_asked", .7),
          Map.entry("brevity_asked", .4),
          Map.entry("count_asked", .7),
          Map.entry("only_a_question", -.5));

  private final List<String> names;
  private final Fluency fluency;
  private final float[] mean;
  private final float[] deviation;
  private final float[] low;
  private final float[] high;
  private final float[][] differences;

  private PairFeatureTraining(
      List<String> names, Fluency fluency, float[][] chosen, float[][] rejected, int[] train) {
    this.names = names;
    this.fluency = fluency;
    int features = names.size();
    this.mean = new float[features];
    this.deviation = new float[features];
    this.low = new float[features];
    this.high = new float[features];
    for (int f = 0; f < features; f++) {
      int feature = f;
      double[] sorted =
          Arrays.stream(train)
              .mapToObj(i -> new double[] {chosen[i][feature], rejected[i][feature]})
              .flatMapToDouble(Arrays::stream)
              .sorted()
              .toArray();
      standardize(f, sorted);
    }
    this.differences = new float[chosen.length][features];
    for (int i = 0; i < differences.length; i++) {
      for (int f = 0; f < features; f++) {
        double better = Math.clamp(chosen[i][f], low[f], high[f]);
        double worse = Math.clamp(rejected[i][f], low[f], high[f]);
        differences[i][f] =
            deviation[f] == 0 ? 0 : (float) (LOUDNESS * (better - worse) / deviation[f]);
      }
    }
  }

  /**
   * @param pairs of all the data; with interactions, if any layer is to be read
   * @param layers whose interactions are read, some of those encoded
   * @param encodedLayers the layers that the encoder's spec names
   */
  public static PairFeatureTraining of(
      TrainingData data, EncodedPairs pairs, List<Integer> layers, List<Integer> encodedLayers) {
    Fluency fluency = fluency(data);
    PairTraits traits = new PairTraits(fluency);
    List<String> known = PairFeatures.known(encodedLayers);
    List<String> names = new ArrayList<>(InteractionFeatures.names(layers));
    names.addAll(PairTraits.NAMES);
    int[] indices = names.stream().mapToInt(known::indexOf).toArray();
    float[][] chosen = new float[pairs.size()][];
    float[][] rejected = new float[pairs.size()][];
    EncodedPairs.Interactions interactions = pairs.interactions();
    IntStream.range(0, pairs.size())
        .parallel()
        .forEach(i -> {
          PreferencePair pair = pairs.pairs().get(i);
          PairTraits.Request prompt = PairTraits.request(pair.prompt().text());
          float[] none = new float[0];
          chosen[i] =
              some(
                  PairFeatures.all(
                      interactions == null ? none : interactions.row(interactions.chosen()[i]),
                      traits,
                      prompt,
                      pair.chosen()),
                  indices);
          rejected[i] =
              some(
                  PairFeatures.all(
                      interactions == null ? none : interactions.row(interactions.rejected()[i]),
                      traits,
                      prompt,
                      pair.rejected()),
                  indices);
        });
    return new PairFeatureTraining(
        List.copyOf(names), fluency, chosen, rejected, data.indices(Split.TRAIN));
  }

  /** Order and spelling of the chosen responses that people labelled. */
  private static Fluency fluency(TrainingData data) {
    Fluency.Counter counter = new Fluency.Counter();
    Set<String> seen = new HashSet<>();
    for (PreferencePair pair : data.of(Split.TRAIN)) {
      if (!MadePairs.isMade(pair) && seen.add(pair.chosen())) {
        counter.add(pair.chosen());
      }
    }
    return counter.fluency();
  }

  private static float[] some(float[] values, int[] indices) {
    float[] some = new float[indices.length];
    for (int f = 0; f < some.length; f++) {
      some[f] = values[indices[f]];
    }
    return some;
  }

  private void standardize(int f, double[] sorted) {
    low[f] = (float) sorted[(int) Math.round(TAIL * (sorted.length - 1))];
    high[f] = (float) sorted[(int) Math.round((1 - TAIL) * (sorted.length - 1))];
    double sum = 0;
    for (double value : sorted) {
      sum += Math.clamp(value, low[f], high[f]);
    }
    double m = sum / sorted.length;
    double squares = 0;
    for (double value : sorted) {
      double centred = Math.clamp(value, low[f], high[f]) - m;
      squares += centred * centred;
    }
    mean[f] = (float) m;
    double found = Math.sqrt(squares / sorted.length);
    deviation[f] =
        found < CONSTANT ? 0 : (float) Math.max(found, (high[f] - (double) low[f]) / WIDEST);
  }

  /** Where the experts' weights of the features begin, {@code float[F]}, in this scale. */
  public float[] start() {
    float[] start = new float[names.size()];
    for (int f = 0; f < start.length; f++) {
      start[f] = (float) (MEANT.getOrDefault(names.get(f), 0.0) * deviation[f] / LOUDNESS);
    }
    return start;
  }

  /** The pairs with their standardized differences. */
  public EncodedPairs with(EncodedPairs pairs) {
    return pairs.withPairDifferences(differences);
  }

  /**
   * The features as a bundle has them.
   *
   * @param trained whose experts have the weights of the features behind all others
   */
  public PairFeatures features(Head trained) {
    float[][] weights = new float[trained.expertCount()][];
    for (int k = 0; k < weights.length; k++) {
      float[] row = trained.experts()[k];
      weights[k] = Arrays.copyOfRange(row, row.length - names.size(), row.length);
      for (int f = 0; f < weights[k].length; f++) {
        weights[k][f] *= LOUDNESS;
      }
    }
    return new PairFeatures(names, mean, deviation, low, high, weights, fluency);
  }

  /** The head without the weights of the features. */
  public Head head(Head trained) {
    float[][] experts = new float[trained.expertCount()][];
    for (int k = 0; k < experts.length; k++) {
      float[] row = trained.experts()[k];
      experts[k] = Arrays.copyOf(row, row.length - names.size());
    }
    return trained.withExperts(experts);
  }
}
