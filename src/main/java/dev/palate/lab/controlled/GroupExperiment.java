package dev.palate.lab.controlled;

import dev.palate.core.bundle.Head;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.train.Trainer;
import dev.palate.lab.train.TrainingSettings;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Do the losses find groups that nobody named? One world and its pairs; models are trained on one
 * part, stopped early on another and measured on fresh pairs.
 */
final class GroupExperiment {

  /** As a bundle serves by default. */
  static final int TOP_M = 2;

  private final ControlledSettings settings;
  private final long seed;
  private final World world;
  private final HiddenPairs train;
  private final HiddenPairs validation;
  private final HiddenPairs fresh;
  private final Map<TrainingSettings, Head> heads = new HashMap<>();

  GroupExperiment(ControlledSettings settings, double cosine, long seed) {
    this.settings = settings;
    this.seed = seed;
    SplittableRandom random = new SplittableRandom(seed);
    this.world = World.draw(settings, cosine, random.split());
    this.train = world.pairs(settings.trainPairs(), random.split());
    this.validation = world.pairs(settings.validationPairs(), random.split());
    this.fresh = world.pairs(settings.testPairs(), random.split());
  }

  World world() {
    return world;
  }

  /** Trains a mixture, or hands out the one that was trained the same way before. */
  Head train(Losses losses) {
    return heads.computeIfAbsent(
        losses.in(settings.training(), seed),
        training -> {
          // A mixture that was never told to be sparse is judged with all its experts
          int topM = training.localSparsity() == 0 ? training.experts() : TOP_M;
          return new Trainer(training, topM)
              .train(train.pairs(), validation.pairs(), epoch -> {})
              .head();
        });
  }

  Map<String, Double> singleHead() {
    double[] margins = SingleHead.fit(train.pairs()).margins(fresh.pairs());
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("accuracy", Accuracy.of(margins));
    figures.put("ceiling", fresh.ceiling());
    return figures;
  }

  Map<String, Double> measure(Head head) {
    PairScores scores = PairScores.of(head, fresh.pairs());
    int k = head.expertCount();
    int[] first = Usage.firstChoices(scores.routing());
    Recovery recovery = Recovery.of(fresh.group(), first, world.groups(), k);
    Usage usage = Usage.of(scores.routing());
    double accuracy = Accuracy.of(scores.margins(k));
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("accuracy", accuracy);
    figures.put("ceiling", fresh.ceiling());
    figures.put("NMI", recovery.nmi());
    figures.put("Hungarian", recovery.hungarianAccuracy());
    figures.put("groups", (double) recovery.groupsRecovered());
    figures.put("purity", recovery.purity());
    figures.put("effective experts", usage.effectiveExperts());
    figures.put("dead experts", (double) usage.dead());
    figures.put("largest usage", usage.largest());
    figures.put("cost of top-2, points", 100 * (accuracy - Accuracy.of(scores.margins(TOP_M))));
    return figures;
  }
}
