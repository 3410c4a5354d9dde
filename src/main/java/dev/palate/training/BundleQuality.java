package dev.palate.training;

import dev.palate.reward.Bundle;
import dev.palate.reward.Head;
import dev.palate.reward.ModelSettings;
import dev.palate.taste.Likelihood;
import dev.palate.taste.Prior;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a bundle is worth on data: the same figures that training writes into the model card, and
 * the learning curve in the number of labels.
 *
 * @param table measured quality on the test split, as a Markdown table
 * @param curve one point per data set with unseen users and number of labels
 */
public record BundleQuality(String table, List<Point> curve) {

  public BundleQuality {
    curve = List.copyOf(curve);
  }

  /**
   * Unseen users before and after some of their choices, on the same pairs; each user counts once.
   *
   * @param shown whole choices a user shows
   * @param users who have pairs left to be judged on
   * @param before accuracy of the router alone
   * @param after accuracy with the user's shift
   */
  public record Point(
      String dataset,
      int shown,
      int users,
      double before,
      double after,
      double logLossBefore,
      double logLossAfter) {}

  /**
   * Judges a bundle on the test split of the data.
   *
   * @param data files whose own splits are heeded
   * @param whole files of which every line is judged
   * @throws DataException if the data cannot be read
   * @throws IllegalArgumentException if the bundle has no head of its own
   */
  public static BundleQuality measure(
      Bundle bundle,
      List<DataFile> data,
      List<DataFile> whole,
      int[] shots,
      ModelSettings settings) {
    Head head = bundle.head();
    if (head == null) {
      throw new IllegalArgumentException(
          "only bundles with an encoder of kind bert can be evaluated so far");
    }
    TrainingData pairs = TrainingData.read(data, whole, PairReader.OnBadLine.SKIP);
    if (pairs.indices(Split.TEST).length == 0) {
      throw new DataException("the data has no test line; --whole judges every line of a file");
    }
    Prior prior = new Prior(bundle.prior().mean(), bundle.prior().covariance());
    Likelihood likelihood = new Likelihood(bundle.scale(), bundle.labelNoise(), bundle.topM());
    try (Arena arena = Arena.ofShared()) {
      PairScores scores =
          PairScores.of(head, EncodedData.of(pairs, bundle.encoder(), settings, arena));
      return new BundleQuality(
          QualityTable.of(Quality.of(pairs, Split.TEST, scores, prior, likelihood)),
          curve(pairs, scores, new AdaptationCheck(prior, likelihood), shots));
    }
  }

  private static List<Point> curve(
      TrainingData data, PairScores all, AdaptationCheck check, int[] shots) {
    PairScores scores = all.at(data.indices(Split.TEST));
    Set<String> seen = data.trainUsers();
    Map<String, List<UserChoices>> unseen = new TreeMap<>();
    for (UserChoices user : UserChoices.of(data.of(Split.TEST))) {
      if (!seen.contains(user.user())) {
        unseen.computeIfAbsent(user.dataset(), key -> new ArrayList<>()).add(user);
      }
    }
    List<Point> points = new ArrayList<>();
    unseen.forEach((dataset, users) -> {
      for (int shown : shots) {
        AdaptationCheck.Outcome outcome = check.run(users, scores, shown, 1);
        if (outcome.users() > 0) {
          points.add(
              new Point(
                  dataset,
                  shown,
                  outcome.users(),
                  outcome.before(),
                  outcome.after(),
                  outcome.logLossBefore(),
                  outcome.logLossAfter()));
        }
      }
    });
    return points;
  }
}
