package dev.palate.lab.controlled;

import dev.palate.core.bundle.Head;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Does an expert stand for something that can be asked for? With all weight on one expert, the best
 * of n responses is picked many times, and the picked responses' attributes are measured. Attribute
 * g is what group g alone cares for; it has mean 0 and standard deviation 1 over all responses.
 *
 * @param attributes {@code double[k][g]}: mean attribute of what each expert picks
 * @param common {@code double[k]}: the same of what all groups care for
 * @param matched {@code int[g]}: each attribute's expert under the best one-to-one matching
 */
record Steering(double[][] attributes, double[] common, int[] matched) {

  private static final int RESPONSES = 16;
  private static final int PICKS = 1000;

  static Steering of(World world, Head head, RandomGenerator random) {
    int k = head.expertCount();
    double[][] attributes = new double[k][world.groups()];
    double[] common = new double[k];
    for (int pick = 0; pick < PICKS; pick++) {
      float[][] responses = new float[RESPONSES][];
      for (int i = 0; i < RESPONSES; i++) {
        responses[i] = world.response(random);
      }
      for (int e = 0; e < k; e++) {
        float[] best = best(head.experts()[e], responses);
        common[e] += World.dot(world.common(), best) / PICKS;
        for (int g = 0; g < world.groups(); g++) {
          attributes[e][g] += World.dot(world.own()[g], best) / PICKS;
        }
      }
    }
    return new Steering(attributes, common, Matching.largest(byAttribute(attributes)));
  }

  private static float[] best(float[] expert, float[][] responses) {
    float[] best = responses[0];
    double highest = Double.NEGATIVE_INFINITY;
    for (float[] response : responses) {
      double reward = 0;
      for (int j = 0; j < expert.length; j++) {
        reward += (double) expert[j] * response[j];
      }
      if (reward > highest) {
        highest = reward;
        best = response;
      }
    }
    return best;
  }

  private static double[][] byAttribute(double[][] byExpert) {
    double[][] result = new double[byExpert[0].length][byExpert.length];
    for (int e = 0; e < byExpert.length; e++) {
      for (int g = 0; g < result.length; g++) {
        result[g][e] = byExpert[e][g];
      }
    }
    return result;
  }

  Map<String, Double> figures() {
    int groups = matched.length;
    double own = 0;
    double others = 0;
    double shared = 0;
    int dominant = 0;
    for (int g = 0; g < groups; g++) {
      double[] picked = attributes[matched[g]];
      boolean largest = true;
      for (int other = 0; other < groups; other++) {
        if (other != g) {
          others += picked[other] / groups / (groups - 1);
          largest &= picked[g] > picked[other];
        }
      }
      own += picked[g] / groups;
      shared += common[matched[g]] / groups;
      dominant += largest ? 1 : 0;
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("own attribute", own);
    figures.put("other attributes", others);
    figures.put("common part", shared);
    figures.put("own is largest", (double) dominant);
    return figures;
  }

  /** A row per expert: the matched ones in the order of their attributes, then the spare ones. */
  Map<String, Map<String, Double>> matrix() {
    Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
    Set<Integer> spare = new TreeSet<>();
    for (int e = 0; e < attributes.length; e++) {
      spare.add(e);
    }
    for (int g = 0; g < matched.length; g++) {
      rows.put("expert " + (matched[g] + 1), row(matched[g]));
      spare.remove(matched[g]);
    }
    for (int e : spare) {
      rows.put("expert " + (e + 1) + ", spare", row(e));
    }
    return rows;
  }

  private Map<String, Double> row(int expert) {
    Map<String, Double> row = new LinkedHashMap<>();
    for (int g = 0; g < matched.length; g++) {
      row.put("attribute " + (g + 1), attributes[expert][g]);
    }
    row.put("common part", common[expert]);
    return row;
  }
}
