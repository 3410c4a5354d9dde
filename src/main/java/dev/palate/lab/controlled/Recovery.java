package dev.palate.lab.controlled;

/**
 * How well the router's first choices tell the hidden groups apart.
 *
 * @param nmi normalized mutual information, 2 I / (H(group) + H(expert)), in [0, 1]
 * @param hungarianAccuracy share of pairs whose expert is the one matched to their group, under the
 *     best one-to-one matching
 * @param groupsRecovered groups whose matched expert holds more than half of the group, while the
 *     group is more than half of what the expert holds
 * @param purity share of pairs whose group is the commonest one of their expert: what is left when
 *     several experts may share a group
 */
record Recovery(double nmi, double hungarianAccuracy, int groupsRecovered, double purity) {

  /**
   * @param group {@code int[n]}, each below {@code groups}
   * @param expert {@code int[n]}, each below {@code experts}
   */
  static Recovery of(int[] group, int[] expert, int groups, int experts) {
    int n = group.length;
    double[][] joint = new double[groups][experts];
    double[] ofGroup = new double[groups];
    double[] ofExpert = new double[experts];
    for (int i = 0; i < n; i++) {
      joint[group[i]][expert[i]] += 1.0 / n;
      ofGroup[group[i]] += 1.0 / n;
      ofExpert[expert[i]] += 1.0 / n;
    }
    int[] matched = Matching.largest(joint);
    double hungarian = 0;
    int recovered = 0;
    for (int g = 0; g < groups; g++) {
      if (matched[g] < 0) {
        continue;
      }
      double shared = joint[g][matched[g]];
      hungarian += shared;
      if (shared > ofGroup[g] / 2 && shared > ofExpert[matched[g]] / 2) {
        recovered++;
      }
    }
    return new Recovery(nmi(joint, ofGroup, ofExpert), hungarian, recovered, purity(joint));
  }

  private static double nmi(double[][] joint, double[] ofGroup, double[] ofExpert) {
    double shared = 0;
    for (int g = 0; g < ofGroup.length; g++) {
      for (int e = 0; e < ofExpert.length; e++) {
        if (joint[g][e] > 0) {
          shared += joint[g][e] * Math.log(joint[g][e] / ofGroup[g] / ofExpert[e]);
        }
      }
    }
    double total = entropy(ofGroup) + entropy(ofExpert);
    // One group and one expert: nothing to tell apart, and nothing is what the router tells
    return total == 0 ? 0 : Math.clamp(2 * shared / total, 0, 1);
  }

  private static double purity(double[][] joint) {
    double sum = 0;
    for (int e = 0; e < joint[0].length; e++) {
      double most = 0;
      for (double[] group : joint) {
        most = Math.max(most, group[e]);
      }
      sum += most;
    }
    return sum;
  }

  private static double entropy(double[] shares) {
    double sum = 0;
    for (double share : shares) {
      sum -= share > 0 ? share * Math.log(share) : 0;
    }
    return sum;
  }
}
