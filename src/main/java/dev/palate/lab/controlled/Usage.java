package dev.palate.lab.controlled;

import java.util.Arrays;

/**
 * How the router spends its weights.
 *
 * @param share {@code double[k]}: mean routing weight of each expert
 * @param effectiveExperts exp of the mean entropy of the routing: how many experts a prompt asks
 */
record Usage(double[] share, double effectiveExperts) {

  /**
   * An expert used less than this share of 1/K is as good as dead (MODEL.md's rule of dropping).
   */
  private static final double DEAD = 0.2;

  /**
   * @param routing {@code float[n][k]}
   */
  static Usage of(float[][] routing) {
    int k = routing[0].length;
    double[] share = new double[k];
    double entropy = 0;
    for (float[] weights : routing) {
      for (int e = 0; e < k; e++) {
        double weight = weights[e];
        share[e] += weight / routing.length;
        entropy -= weight > 0 ? weight * Math.log(weight) / routing.length : 0;
      }
    }
    return new Usage(share, Math.exp(entropy));
  }

  int dead() {
    return (int) Arrays.stream(share).filter(use -> use < DEAD / share.length).count();
  }

  double largest() {
    return Arrays.stream(share).max().orElseThrow();
  }

  /** The expert of the largest weight, per row; of equal weights the first. */
  static int[] firstChoices(float[][] routing) {
    int[] first = new int[routing.length];
    for (int i = 0; i < first.length; i++) {
      for (int e = 1; e < routing[i].length; e++) {
        first[i] = routing[i][e] > routing[i][first[i]] ? e : first[i];
      }
    }
    return first;
  }
}
