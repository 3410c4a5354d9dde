package dev.palate.lab.judge;

import dev.palate.lab.data.Split;
import dev.palate.lab.data.UserChoices;
import dev.palate.lab.train.Calibration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Chooses what a baseline leaves open by validation users, as the prior's strength is chosen. */
public final class Selection {

  private static final int[] SHOTS = {1, 3, 5, 10, 20, 50};
  private static final Judge JUDGE = new Judge(5, 1);

  private Selection() {}

  /**
   * The rule with the lowest mean log-loss over data sets and numbers of labels; the first where
   * there are no validation users.
   */
  public static Rule best(List<Rule> candidates, Material material) {
    Map<String, List<UserChoices>> users = Judge.unseen(material.data(), Split.VALIDATION);
    double[] losses =
        candidates.parallelStream()
            .mapToDouble(rule -> adaptedLoss(material.calibrated(rule), users))
            .toArray();
    int best = 0;
    for (int i = 1; i < losses.length; i++) {
      best = losses[i] < losses[best] ? i : best;
    }
    return candidates.get(best);
  }

  private static double adaptedLoss(Calibrated rule, Map<String, List<UserChoices>> users) {
    double sum = 0;
    for (List<UserChoices> dataset : users.values()) {
      for (int shown : SHOTS) {
        List<UserChoices> eligible = Judge.eligible(dataset, shown);
        sum +=
            JUDGE.outcomes(rule, eligible, shown).stream()
                .mapToDouble(Judge.Outcome::logLossAdapted)
                .average()
                .orElse(0);
      }
    }
    return sum;
  }

  /** Calibrated log-loss on validation pairs without labels: by this, epochs are chosen. */
  public static double unadaptedLoss(Material material, Rule rule) {
    double[] margins =
        Arrays.stream(material.data().indices(Split.VALIDATION))
            .mapToDouble(rule::unadapted)
            .toArray();
    return Calibration.fit(margins, material.weights(Split.VALIDATION)).logLoss();
  }
}
