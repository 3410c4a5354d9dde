package dev.palate.lab.bundling;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleDiagnostics;
import dev.palate.core.bundle.DataSource;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.UserPrior;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.ScaleGrid;
import dev.palate.core.traits.PairFeatures;
import dev.palate.core.traits.SharedExperts;
import dev.palate.lab.cards.ExpertCards;
import dev.palate.lab.data.DataException;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.MadePairs;
import dev.palate.lab.data.PairWeights;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.finetune.FineTuning;
import dev.palate.lab.train.Calibration;
import dev.palate.lab.train.Checkpoints;
import dev.palate.lab.train.ExpertCalibration;
import dev.palate.lab.train.ExpertPruning;
import dev.palate.lab.train.LearnedPrior;
import dev.palate.lab.train.PairFeatureTraining;
import dev.palate.lab.train.SeedRuns;
import dev.palate.lab.train.SharedExpertTraining;
import dev.palate.lab.train.Trainer;
import dev.palate.lab.train.TrainingSettings;
import dev.palate.lab.warnings.TrainingWarnings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * From encoded pairs to a bundle: heads are trained for several seeds, the best on validation is
 * kept, and tuned together with its encoder where that is asked for; the margins become
 * probabilities, the users a prior, the experts cards. Test pairs are judged last and decide
 * nothing.
 */
final class BundleTraining {

  private final String name;
  private final EncoderSpec encoder;
  private final TrainingSettings settings;
  private final int topM;
  private final boolean shared;
  private final boolean readsPairs;
  private final @Nullable Checkpoints checkpoints;
  private final @Nullable FineTuning fineTuning;

  /**
   * @param seeds what was trained of each seed
   * @param pruning what the kept head lost of its experts
   * @param fineTuning null where it was not asked for
   * @param quality validation first, then test
   */
  record Result(
      Bundle bundle,
      SeedRuns seeds,
      ExpertPruning.Result pruning,
      FineTuning.@Nullable Outcome fineTuning,
      List<Quality> quality) {

    Result withBundle(Bundle written) {
      return new Result(written, seeds, pruning, fineTuning, quality);
    }
  }

  /**
   * Who is bundled: a head on a frozen encoder, or an archive that holds both.
   *
   * @param head null for an archive
   * @param pair what the experts read of pairs; null for nothing
   * @param scores of all pairs of the data
   * @param validationLoss by which it was chosen
   */
  private record Model(
      EncoderSpec encoder,
      @Nullable Head head,
      @Nullable PairFeatures pair,
      PairScores scores,
      double validationLoss) {

    /** Of these pairs alone. */
    Model at(int[] indices) {
      return new Model(encoder, head, pair, scores.at(indices), validationLoss);
    }
  }

  /**
   * @param shared whether the bundle has shared experts beside the routed ones
   */
  BundleTraining(
      String name, EncoderSpec encoder, TrainingSettings settings, int topM, boolean shared) {
    this(name, encoder, settings, topM, shared, false, null, null);
  }

  /**
   * @param shared whether the bundle has shared experts beside the routed ones
   * @param readsPairs whether the routed experts read prompt and response together
   * @param checkpoints where a run that was cut off goes on; null: nowhere
   * @param fineTuning null: the encoder stays frozen
   */
  BundleTraining(
      String name,
      EncoderSpec encoder,
      TrainingSettings settings,
      int topM,
      boolean shared,
      boolean readsPairs,
      @Nullable Checkpoints checkpoints,
      @Nullable FineTuning fineTuning) {
    this.name = name;
    this.encoder = encoder;
    this.settings = settings;
    this.topM = topM;
    this.shared = shared;
    this.readsPairs = readsPairs;
    this.checkpoints = checkpoints;
    this.fineTuning = fineTuning;
  }

  /**
   * @param pairs the data's pairs, in its order
   * @param seeds how many, from the settings' own upwards
   * @param listener told of every epoch of every seed
   */
  Result run(
      TrainingData data, EncodedPairs pairs, int seeds, BiConsumer<Long, Trainer.Epoch> listener) {
    return run(data, data, pairs, seeds, listener);
  }

  /**
   * @param labelled all that people labelled: the shared experts' traits and the prior over users
   *     are learned from it, of which nothing needs to be encoded
   * @param data what is encoded: of those the pairs with short enough texts, and made pairs
   * @param pairs the encoded data's pairs, in its order
   * @param seeds how many, from the settings' own upwards
   * @param listener told of every epoch of every seed
   */
  Result run(
      TrainingData labelled,
      TrainingData data,
      EncodedPairs pairs,
      int seeds,
      BiConsumer<Long, Trainer.Epoch> listener) {
    EncodedPairs train = pairs.at(data.indices(Split.TRAIN));
    EncodedPairs validation = pairs.at(data.indices(Split.VALIDATION));
    if (train.size() < 2 || validation.size() == 0) {
      throw new DataException(
          "there are %d pairs to train on and %d to validate on; both are needed"
              .formatted(train.size(), validation.size()));
    }
    if (!readsPairs) {
      return finish(
          labelled, data, pairs, seeds(data, pairs, new float[0], seeds, listener), encoder, null);
    }
    Reading best = null;
    for (List<Integer> layers : readings()) {
      PairFeatureTraining features =
          PairFeatureTraining.of(data, pairs, layers, encoder.interactionLayers());
      EncodedPairs read = features.with(pairs);
      Reading reading =
          new Reading(layers, features, read, seeds(data, read, features.start(), seeds, listener));
      if (best == null || reading.loss() < best.loss()) {
        best = reading;
      }
    }
    Reading kept = Objects.requireNonNull(best);
    return finish(
        labelled,
        data,
        kept.pairs(),
        kept.seeds(),
        encoder.withInteraction(kept.layers(), encoder.maxPromptTokens()),
        kept.features());
  }

  /**
   * What was trained on one layer's interactions.
   *
   * @param pairs with the differences of these features
   */
  private record Reading(
      List<Integer> layers, PairFeatureTraining features, EncodedPairs pairs, SeedRuns seeds) {
    double loss() {
      return seeds.kept().best().validationLoss();
    }
  }

  /** One layer each, and all of them: the best on validation is kept. */
  private List<List<Integer>> readings() {
    List<Integer> layers = encoder.interactionLayers();
    List<List<Integer>> readings = new ArrayList<>();
    if (layers.size() != 1) {
      readings.add(layers);
    }
    layers.forEach(layer -> readings.add(List.of(layer)));
    return readings;
  }

  private SeedRuns seeds(
      TrainingData data,
      EncodedPairs pairs,
      float[] pairStart,
      int seeds,
      BiConsumer<Long, Trainer.Epoch> listener) {
    EncodedPairs train = pairs.at(data.indices(Split.TRAIN));
    EncodedPairs validation = pairs.at(data.indices(Split.VALIDATION));
    SortedMap<Long, Trainer.Trained> runs = new TreeMap<>();
    for (long seed = settings.seed(); seed < settings.seed() + seeds; seed++) {
      long current = seed;
      Trainer trainer = new Trainer(settings.withSeed(seed), topM, checkpoints, pairStart);
      runs.put(seed, trainer.train(train, validation, epoch -> listener.accept(current, epoch)));
    }
    return new SeedRuns(runs);
  }

  /**
   * @param reader the encoder as the kept head reads by it
   * @param features what the experts read of pairs; null for nothing
   */
  private Result finish(
      TrainingData labelled,
      TrainingData data,
      EncodedPairs pairs,
      SeedRuns seeds,
      EncoderSpec reader,
      @Nullable PairFeatureTraining features) {
    Trainer.Trained trained = seeds.kept();
    EncodedPairs validation = pairs.at(data.indices(Split.VALIDATION));
    double[] weights = PairWeights.of(validation.pairs(), settings.userCap());
    ExpertPruning.Result pruning =
        new ExpertPruning(validation, weights, topM, settings.personal() == 0)
            .prune(trained.head());
    double[] factors =
        ExpertCalibration.factors(PairScores.of(pruning.head(), validation), weights, topM);
    Head head = ExpertCalibration.apply(pruning.head(), factors);
    FineTuning.Outcome tuning =
        fineTuning == null ? null : fineTuning.run(data, reader, head, topM, settings.userCap());
    Model model =
        tuning == null || tuning.tuned() == null
            ? new Model(
                reader,
                features == null ? head : features.head(head),
                features == null ? null : features.features(head),
                PairScores.of(head, pairs),
                trained.best().validationLoss())
            : new Model(
                tuning.tuned().encoder(),
                null,
                null,
                tuning.tuned().scores(),
                tuning.kept().validationLoss());
    int[] kept = MadePairs.labelled(data);
    return finish(
        labelled,
        MadePairs.without(data, kept),
        pairs.at(kept),
        model.at(kept),
        seeds,
        pruning,
        tuning);
  }

  /** Reads all that a bundle says off the model's scores. */
  private Result finish(
      TrainingData labelled,
      TrainingData data,
      EncodedPairs pairs,
      Model model,
      SeedRuns seeds,
      ExpertPruning.Result pruning,
      FineTuning.@Nullable Outcome tuning) {
    PairScores routed = model.scores();
    Calibration calibration = calibrate(data, routed);
    Likelihood likelihood = new Likelihood(calibration.scale(), calibration.labelNoise(), topM);
    double[] meanRouting = meanRouting(data, routed);
    List<ExpertCard> cards = new ArrayList<>(ExpertCards.of(data, pairs, routed, meanRouting));
    BundleDiagnostics diagnostics =
        new TrainedDiagnostics(data, routed, likelihood)
            .of(TrainedDiagnostics.learning(seeds, tuning));
    SharedExperts sharedExperts = null;
    PairScores scores = routed;
    if (shared) {
      SharedExpertTraining.Trained trained =
          SharedExpertTraining.train(labelled, data, routed, likelihood, settings.userCap());
      sharedExperts = trained.experts();
      scores = trained.scores();
      calibration = calibrate(data, scores);
      likelihood =
          new Likelihood(calibration.scale(), calibration.labelNoise(), topM, scores.shared());
      meanRouting = meanRouting(data, scores);
      cards.addAll(SharedCards.of(sharedExperts, cards.size()));
    }
    LearnedPrior.Scaled prior =
        shared
            ? priorOverUsers(labelled, data, sharedExperts, scores, likelihood)
            : new LearnedPrior.Scaled(
                LearnedPrior.learn(data, scores, likelihood, meanRouting.length, settings.seed()),
                ScaleGrid.SINGLE,
                likelihood.labelNoise());
    likelihood = likelihood.withLabelNoise(prior.labelNoise());
    List<Quality> quality = new ArrayList<>();
    for (Split split : new Split[] {Split.VALIDATION, Split.TEST}) {
      quality.addAll(Quality.of(data, split, scores, prior.prior(), prior.grid(), likelihood));
    }
    Bundle bundle =
        new Bundle(
            name,
            "",
            model.encoder(),
            model.head(),
            sharedExperts,
            model.pair(),
            likelihood.scale(),
            likelihood.labelNoise(),
            topM,
            new UserPrior(
                prior.prior().mean(),
                prior.prior().covariance(),
                prior.prior().leeway(),
                prior.grid().scales(),
                prior.grid().masses()),
            meanRouting,
            cards,
            sources(labelled),
            metrics(quality, model.validationLoss(), tuning),
            diagnostics,
            List.of(),
            TrainingWarnings.of(
                labelled, data, scores, likelihood, prior.prior(), prior.grid(), settings.seed()));
    return new Result(bundle, seeds, pruning, tuning, quality);
  }

  /** Of all raters: where some pairs are not encoded, by the shared experts' rewards alone. */
  private LearnedPrior.Scaled priorOverUsers(
      TrainingData labelled,
      TrainingData data,
      @Nullable SharedExperts experts,
      PairScores scores,
      Likelihood likelihood) {
    if (experts == null || data.pairs().size() == labelled.pairs().size()) {
      return LearnedPrior.learnShared(data, scores, likelihood, settings.seed());
    }
    int routed = scores.margins()[0].length - experts.expertCount();
    PairScores traits =
        PairScores.withoutRouted(labelled.pairs().size(), routed)
            .withShared(experts, labelled.pairs());
    return LearnedPrior.learnShared(labelled, traits, likelihood, settings.seed());
  }

  private Calibration calibrate(TrainingData data, PairScores scores) {
    double[] margins = scores.at(data.indices(Split.VALIDATION)).margins(topM);
    double[] weights = PairWeights.of(data.of(Split.VALIDATION), settings.userCap());
    return Calibration.fit(margins, weights);
  }

  private double[] meanRouting(TrainingData data, PairScores all) {
    PairScores scores = all.at(data.indices(Split.TRAIN));
    double[] weights = PairWeights.of(data.of(Split.TRAIN), settings.userCap());
    double[] mean = new double[scores.routing()[0].length];
    for (int i = 0; i < scores.size(); i++) {
      for (int k = 0; k < mean.length; k++) {
        mean[k] += weights[i] * scores.routing()[i][k] / scores.size();
      }
    }
    return mean;
  }

  private static List<DataSource> sources(TrainingData data) {
    Map<String, int[]> counts = data.counts(Split.TRAIN);
    List<DataSource> sources = new ArrayList<>();
    for (DataFile file : data.files()) {
      int[] count = counts.getOrDefault(file.name(), new int[2]);
      if (count[0] > 0) {
        sources.add(new DataSource(file.name(), file.licence(), count[0], count[1]));
      }
    }
    return sources;
  }

  private static Map<String, Double> metrics(
      List<Quality> quality, double validationLoss, FineTuning.@Nullable Outcome tuning) {
    Map<String, Double> metrics = new TreeMap<>();
    metrics.put("validation.log_loss", round(validationLoss));
    if (tuning != null) {
      metrics.put("fine_tuning.kept_epoch", (double) tuning.kept().epoch());
      metrics.put(
          "fine_tuning.log_loss_frozen", round(tuning.epochs().getFirst().validationLoss()));
      metrics.put("fine_tuning.log_loss_tuned", round(tuning.bestTuned().validationLoss()));
    }
    for (Quality q : quality) {
      String key = q.split().name().toLowerCase(java.util.Locale.ROOT) + "." + q.dataset() + ".";
      metrics.put(key + "pairs", (double) q.pairs());
      metrics.put(key + "accuracy", round(q.accuracy()));
      metrics.put(key + "user_accuracy", round(q.userAccuracy()));
      metrics.put(key + "longer_accuracy", round(q.longerAccuracy()));
      if (q.adapted().users() > 0) {
        metrics.put(key + "unseen_users", (double) q.adapted().users());
        metrics.put(key + "n0_accuracy", round(q.adapted().before()));
        metrics.put(key + "n10_accuracy", round(q.adapted().after()));
      }
    }
    return metrics;
  }

  private static double round(double value) {
    return Math.round(value * 1e4) / 1e4;
  }
}
