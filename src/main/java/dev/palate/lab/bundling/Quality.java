package dev.palate.lab.bundling;

import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.ScaleGrid;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.data.UserChoices;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How good a model is on one split of one data set.
 *
 * @param pairs how many
 * @param accuracy share of pairs ordered as labelled, as served (top-m)
 * @param denseAccuracy the same with all routing weights
 * @param userAccuracy mean over users of each user's accuracy; pairs without a user are users of
 *     their own
 * @param longerAccuracy share of pairs whose chosen response is the longer one, in characters: what
 *     ordering by length alone would reach
 * @param adapted unseen users before and after {@link #SHOWN} choices; zero users where there are
 *     none
 */
record Quality(
    String dataset,
    Split split,
    int pairs,
    double accuracy,
    double denseAccuracy,
    double userAccuracy,
    double longerAccuracy,
    AdaptationCheck.Outcome adapted) {

  /** Choices a user shows before being judged. */
  static final int SHOWN = 10;

  /** One entry per data set that has pairs of the split. */
  static List<Quality> of(
      TrainingData data,
      Split split,
      PairScores all,
      Prior prior,
      ScaleGrid grid,
      Likelihood likelihood) {
    int[] indices = data.indices(split);
    List<PreferencePair> pairs = data.of(split);
    PairScores scores = all.at(indices);
    Set<String> seen = data.trainUsers();
    Map<String, List<UserChoices>> unseen = new TreeMap<>();
    for (UserChoices user : UserChoices.of(pairs)) {
      if (!seen.contains(user.user())) {
        unseen.computeIfAbsent(user.dataset(), key -> new ArrayList<>()).add(user);
      }
    }
    double[] served = scores.margins(likelihood.topM());
    double[] dense = scores.margins(Integer.MAX_VALUE);
    AdaptationCheck check = new AdaptationCheck(prior, likelihood, grid);
    List<Quality> qualities = new ArrayList<>();
    for (DataFile file : data.files()) {
      Means means = new Means();
      for (int i = 0; i < pairs.size(); i++) {
        if (pairs.get(i).dataset().equals(file.name())) {
          means.add(pairs.get(i), i, right(served[i]), right(dense[i]));
        }
      }
      if (means.pairs > 0) {
        List<UserChoices> users = unseen.getOrDefault(file.name(), List.of());
        qualities.add(
            new Quality(
                file.name(),
                split,
                means.pairs,
                means.served / means.pairs,
                means.dense / means.pairs,
                means.userMean(),
                means.longer / means.pairs,
                check.run(users, scores, SHOWN, 1)));
      }
    }
    return qualities;
  }

  /** A tie is half right. */
  static double right(double margin) {
    return margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
  }

  private static final class Means {
    private int pairs;
    private double served;
    private double dense;
    private double longer;
    private final Map<String, double[]> users = new HashMap<>();

    void add(PreferencePair pair, int index, double right, double denseRight) {
      pairs++;
      served += right;
      dense += denseRight;
      longer += Quality.right(pair.chosen().length() - pair.rejected().length());
      String user = pair.userKey() == null ? "pair " + index : pair.userKey();
      double[] sums = users.computeIfAbsent(user, key -> new double[2]);
      sums[0] += right;
      sums[1]++;
    }

    double userMean() {
      return users.values().stream().mapToDouble(sums -> sums[0] / sums[1]).average().orElse(0);
    }
  }
}
