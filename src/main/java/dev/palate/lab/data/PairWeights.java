package dev.palate.lab.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much each training pair counts. A user with n pairs weighs as much as one with {@code min(n,
 * cap)}: a writer of thousands of pairs must not own an expert. A data set weighs as the square
 * root of what its users then weigh together, so that a small one is heard beside large ones.
 * Strengths multiply in.
 */
public final class PairWeights {

  private PairWeights() {}

  /**
   * @return {@code double[n]}, positive, with mean 1
   */
  public static double[] of(List<PreferencePair> pairs, int userCap) {
    Map<String, Integer> perUser = new HashMap<>();
    for (PreferencePair pair : pairs) {
      if (pair.userKey() != null) {
        perUser.merge(pair.userKey(), 1, Integer::sum);
      }
    }
    double[] weights = new double[pairs.size()];
    Map<String, Double> perDataset = new HashMap<>();
    for (int i = 0; i < weights.length; i++) {
      PreferencePair pair = pairs.get(i);
      int n = pair.userKey() == null ? 1 : perUser.getOrDefault(pair.userKey(), 1);
      weights[i] = pair.strength() * Math.min(1.0, (double) userCap / n);
      perDataset.merge(pair.dataset(), weights[i], Double::sum);
    }
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= Math.sqrt(perDataset.getOrDefault(pairs.get(i).dataset(), 1.0));
      total += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] *= weights.length / total;
    }
    return weights;
  }
}
