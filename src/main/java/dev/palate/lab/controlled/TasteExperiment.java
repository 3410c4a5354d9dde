package dev.palate.lab.controlled;

import dev.palate.core.bundle.Head;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.PriorLearner;
import dev.palate.core.taste.PriorTuning;
import dev.palate.core.taste.TasteSolver;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.train.Calibration;
import dev.palate.lab.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Do few labels bring a user of mixed taste closer to their own oracle? Experts and the prior's
 * covariance come from training users, its strength from validation users; new users show n labels
 * and are judged on others.
 */
final class TasteExperiment {

  static final int[] SHOTS = {0, 1, 3, 5, 10, 20, 50};

  private static final int TRAIN_LABELS = 50;
  private static final int VALIDATION_LABELS = 100;
  private static final int MOST_SHOWN = 50;
  private static final int ASKED = 100;

  private final Likelihood likelihood;
  private final Prior prior;
  private final PairScores scores;
  private final boolean[] truth;

  /**
   * @param share how much of a user's direction is their own mixture's
   */
  TasteExperiment(ControlledSettings settings, double cosine, double share, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = World.draw(settings, cosine, random.split());
    int users = settings.trainPairs() / TRAIN_LABELS;
    HiddenPairs train =
        world.pairs(MixedUser.draw(users, settings, share, random), TRAIN_LABELS, random.split());
    HiddenPairs validation =
        world.pairs(
            MixedUser.draw(users / 4, settings, share, random), VALIDATION_LABELS, random.split());
    HiddenPairs fresh =
        world.pairs(
            MixedUser.draw(settings.testPairs() / 25, settings, share, random),
            MOST_SHOWN + ASKED,
            random.split());
    Head head =
        new Trainer(
                Losses.ours(settings.training()).in(settings.training(), seed),
                GroupExperiment.TOP_M)
            .train(train.pairs(), validation.pairs(), epoch -> {})
            .head();
    PairScores known = PairScores.of(head, validation.pairs());
    double[] margins = known.margins(GroupExperiment.TOP_M);
    double[] ones = new double[margins.length];
    Arrays.fill(ones, 1);
    Calibration calibration = Calibration.fit(margins, ones);
    likelihood =
        new Likelihood(calibration.scale(), calibration.labelNoise(), GroupExperiment.TOP_M);
    prior =
        PriorTuning.tune(
            PriorLearner.learn(
                byUser(PairScores.of(head, train.pairs()), TRAIN_LABELS), likelihood),
            likelihood,
            Map.of("controlled", byUser(known, VALIDATION_LABELS)));
    scores = PairScores.of(head, fresh.pairs());
    truth = fresh.truth();
  }

  private static List<List<LabelMargin>> byUser(PairScores scores, int each) {
    List<List<LabelMargin>> users = new ArrayList<>();
    for (int start = 0; start + each <= scores.size(); start += each) {
      List<LabelMargin> labels = new ArrayList<>();
      for (int i = start; i < start + each; i++) {
        labels.add(scores.label(i, 1));
      }
      users.add(labels);
    }
    return users;
  }

  /** The prior learned from training users. */
  Prior prior() {
    return prior;
  }

  /**
   * Means over the new users, each of whom is asked the same pairs at any number of labels.
   *
   * @param from where shifts start
   * @param shown how many labels a user shows, at most 50
   */
  Map<String, Double> measure(Prior from, int shown) {
    List<List<LabelMargin>> users = byUser(scores, MOST_SHOWN + ASKED);
    TasteSolver solver = new TasteSolver(from, likelihood);
    double[] before = new double[users.size()];
    double[] after = new double[users.size()];
    double gained = 0;
    double oracle = 0;
    for (int u = 0; u < before.length; u++) {
      double[] shift = solver.solve(users.get(u).subList(0, shown)).shift();
      double[] none = new double[shift.length];
      for (int i = MOST_SHOWN; i < MOST_SHOWN + ASKED; i++) {
        LabelMargin asked = users.get(u).get(i);
        double router = asked.margin(none, from.leeway(), likelihood.topM());
        double adapted = asked.margin(shift, from.leeway(), likelihood.topM());
        before[u] += Accuracy.right(router) / ASKED;
        after[u] += Accuracy.right(adapted) / ASKED;
        double gain = likelihood.logProbability(adapted) - likelihood.logProbability(router);
        gained += gain / ASKED / before.length;
        oracle += truth[u * (MOST_SHOWN + ASKED) + i] ? 1.0 / ASKED / before.length : 0;
      }
    }
    return figures(before, after, oracle, gained);
  }

  /**
   * @param before {@code double[users]}: accuracies; {@code after} likewise
   * @param oracle mean accuracy
   * @param gained mean log-likelihood
   */
  static Map<String, Double> figures(
      double[] before, double[] after, double oracle, double gained) {
    double router = Arrays.stream(before).average().orElseThrow();
    double adapted = Arrays.stream(after).average().orElseThrow();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("before", router);
    figures.put("after", adapted);
    figures.put("accuracy gained", adapted - router);
    figures.put("oracle", oracle);
    figures.put("share of the gap", (adapted - router) / (oracle - router));
    figures.put("log-likelihood gained", gained);
    figures.put("worst decile before", worstDecile(before));
    figures.put("worst decile after", worstDecile(after));
    return figures;
  }

  private static double worstDecile(double[] accuracies) {
    return Arrays.stream(accuracies)
        .sorted()
        .limit(Math.max(1, accuracies.length / 10))
        .average()
        .orElseThrow();
  }
}
