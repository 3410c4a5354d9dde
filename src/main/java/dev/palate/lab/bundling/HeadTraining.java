package dev.palate.lab.bundling;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.Head;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.train.Trainer;
import dev.palate.lab.train.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Trains heads to be compared with a bundle, by the code and with the settings that train bundles.
 */
public final class HeadTraining {

  private final Bundle bundle;
  private final TrainingSettings settings;

  /** Of the bundle are taken K, m and the encoder; all else is as {@code train} has it. */
  public HeadTraining(Bundle bundle) {
    this.bundle = bundle;
    this.settings = TrainingSettings.DEFAULT.withExperts(bundle.routedCount());
  }

  public TrainingSettings settings() {
    return settings;
  }

  /** The same architecture by Bradley-Terry alone: no sparsity, balance or diversity is asked. */
  public Head dense(EncodedPairs train, EncodedPairs validation) {
    TrainingSettings unregularized =
        new TrainingSettings(
            settings.experts(),
            settings.hidden(),
            settings.epochs(),
            settings.batch(),
            settings.expertRate(),
            settings.routerRate(),
            0,
            0,
            0,
            settings.l2(),
            settings.expertDecay(),
            0,
            0,
            settings.userCap(),
            settings.features(),
            settings.seed());
    return new Trainer(unregularized, settings.experts())
        .train(train, validation, epoch -> {})
        .head();
  }

  /** A bundle like the given one, learned anew from this data. */
  public Bundle anew(TrainingData data, EncodedPairs pairs) {
    return new BundleTraining(
            bundle.name(), bundle.encoder(), settings, bundle.topM(), bundle.shared() != null)
        .run(data, pairs, 1, (seed, epoch) -> {})
        .bundle();
  }

  /**
   * The data without some of its pairs, in the same order.
   *
   * @param left indices of pairs left out
   */
  public static TrainingData without(TrainingData data, Set<Integer> left) {
    List<PreferencePair> pairs = new ArrayList<>();
    List<Split> splits = new ArrayList<>();
    for (int i = 0; i < data.pairs().size(); i++) {
      if (!left.contains(i)) {
        pairs.add(data.pairs().get(i));
        splits.add(data.splits().get(i));
      }
    }
    return new TrainingData(data.files(), pairs, splits, data.bad(), data.leaks());
  }
}
