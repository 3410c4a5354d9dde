package dev.palate.lab.judge;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.Head;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.ScaleGrid;
import dev.palate.core.traits.PairFeatures;
import dev.palate.core.traits.SharedExperts;
import dev.palate.lab.bundling.HeadTraining;
import dev.palate.lab.data.PairWeights;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.train.Calibration;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What rules are fitted on and judged by: the data, the bundle's scores of it, and its embeddings.
 *
 * @param embedded all pairs of the data, in its order; null for a bundle whose own archive gives
 *     scores and no embeddings
 * @param scores the bundle's, of all pairs
 */
public record Material(
    Bundle bundle,
    HeadTraining training,
    TrainingData data,
    @Nullable EncodedPairs embedded,
    PairScores scores) {

  /** Of a bundle with a head on a frozen encoder. */
  public static Material of(Bundle bundle, TrainingData data, EncodedPairs pairs) {
    Head head = bundle.head();
    if (head == null) {
      throw new IllegalArgumentException("'bundle' has no head of its own");
    }
    return new Material(
        bundle,
        new HeadTraining(bundle),
        data,
        pairs,
        whole(bundle, data, PairScores.of(head, pairs), pairs.interactions()));
  }

  /** Of a bundle whose own archive scored all pairs. */
  public static Material of(Bundle bundle, TrainingData data, PairScores scores) {
    return new Material(bundle, new HeadTraining(bundle), data, null, whole(bundle, data, scores, null));
  }

  private static PairScores whole(
      Bundle bundle,
      TrainingData data,
      PairScores of,
      EncodedPairs.@Nullable Interactions interactions) {
    PairFeatures pair = bundle.pair();
    PairScores routed =
        pair == null
            ? of
            : of.withPair(
                pair, bundle.encoder().interactionLayers(), data.pairs(), interactions);
    SharedExperts shared = bundle.shared();
    return shared == null ? routed : routed.withShared(shared, data.pairs());
  }

  /** Whether a baseline can learn on embeddings, and be stopped and calibrated. */
  public boolean trainable() {
    return embedded != null && taught();
  }

  /** Whether there is enough to learn from and to stop and calibrate by. */
  public boolean taught() {
    return data.indices(Split.TRAIN).length >= 2 && data.indices(Split.VALIDATION).length > 0;
  }

  public EncodedPairs pairs() {
    if (embedded == null) {
      throw new IllegalStateException("this bundle gives no embeddings");
    }
    return embedded;
  }

  public EncodedPairs encoded(Split split) {
    return pairs().at(data.indices(split));
  }

  public double[] weights(Split split) {
    return PairWeights.of(data.of(split), training.settings().userCap());
  }

  public Likelihood likelihood() {
    return new Likelihood(bundle.scale(), bundle.labelNoise(), bundle.topM(), bundle.sharedCount());
  }

  public Prior prior() {
    return new Prior(bundle.prior().mean(), bundle.prior().covariance(), bundle.prior().leeway());
  }

  public ScaleGrid grid() {
    return new ScaleGrid(bundle.prior().scales(), bundle.prior().masses());
  }

  public ShiftRule ours() {
    return new ShiftRule(data.pairs(), scores, prior(), grid(), likelihood());
  }

  /** The same scale and label noise for a baseline as for a bundle: by validation pairs. */
  public Calibrated calibrated(Rule rule) {
    int[] validation = data.indices(Split.VALIDATION);
    if (validation.length == 0) {
      return new Calibrated(rule, likelihood());
    }
    double[] margins = Arrays.stream(validation).mapToDouble(rule::unadapted).toArray();
    Calibration calibration = Calibration.fit(margins, weights(Split.VALIDATION));
    return new Calibrated(
        rule,
        new Likelihood(
            calibration.scale(), calibration.labelNoise(), bundle.topM(), bundle.sharedCount()));
  }

  /**
   * What linear heads say of the pairs that rules are judged on, validation and test.
   *
   * @param heads {@code float[k][d]}
   * @return {@code float[n][k]}; empty for all other pairs
   */
  public float[][] margins(float[][] heads) {
    int[] asked =
        IntStream.concat(
                Arrays.stream(data.indices(Split.VALIDATION)),
                Arrays.stream(data.indices(Split.TEST)))
            .toArray();
    float[][] some = PairScores.of(Heads.only(heads), pairs().at(asked)).margins();
    float[][] all = new float[data.pairs().size()][];
    Arrays.fill(all, new float[0]);
    for (int i = 0; i < asked.length; i++) {
      all[asked[i]] = some[i];
    }
    return all;
  }
}
