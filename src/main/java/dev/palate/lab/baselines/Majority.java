package dev.palate.lab.baselines;

import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.judge.FixedRule;
import dev.palate.lab.judge.Material;
import dev.palate.lab.judge.Rule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rules that need no model: how often train users chose a text, and which response is longer. */
final class Majority {

  private final Map<String, int[]> counts = new HashMap<>();

  private Majority() {}

  /** The log-odds of a text's win rate among train pairs, where both texts were seen there. */
  static Rule winRate(Material material) {
    Majority majority = new Majority();
    for (PreferencePair pair : material.data().of(Split.TRAIN)) {
      majority.count(pair, pair.chosen())[0]++;
      majority.count(pair, pair.rejected())[1]++;
    }
    List<PreferencePair> pairs = material.data().pairs();
    double[] margins = new double[pairs.size()];
    boolean[] known = new boolean[margins.length];
    for (int i = 0; i < margins.length; i++) {
      PreferencePair pair = pairs.get(i);
      int[] chosen = majority.counts.get(key(pair, pair.chosen()));
      int[] rejected = majority.counts.get(key(pair, pair.rejected()));
      if (chosen != null && rejected != null) {
        known[i] = true;
        margins[i] = logOdds(chosen) - logOdds(rejected);
      }
    }
    return new FixedRule("majority", margins, pair -> known[pair]);
  }

  /** By length in characters. */
  static Rule longer(List<PreferencePair> pairs) {
    return new FixedRule(
        "longer response",
        pairs.stream()
            .mapToDouble(
                pair -> Math.log((double) pair.chosen().length() / pair.rejected().length()))
            .toArray());
  }

  private int[] count(PreferencePair pair, String text) {
    return counts.computeIfAbsent(key(pair, text), key -> new int[2]);
  }

  private static String key(PreferencePair pair, String text) {
    return pair.dataset() + '\0' + pair.prompt().text() + '\0' + text;
  }

  /** Of the win rate with one win and one loss added, so that a single vote is no certainty. */
  private static double logOdds(int[] winsAndLosses) {
    return Math.log((winsAndLosses[0] + 1.0) / (winsAndLosses[1] + 1.0));
  }
}
