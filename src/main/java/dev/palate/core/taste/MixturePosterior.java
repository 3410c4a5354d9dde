package dev.palate.core.taste;

/**
 * The posterior of a user's shift as a mixture of normals, one for each scale.
 *
 * @param likelihood of the labels
 * @param leeway a of the prior, {@code double[k]}
 * @param weights posterior probability of each scale, {@code double[scales]}
 * @param shifts mode under each scale, {@code double[scales][k]}
 * @param covariances under each scale, {@code double[scales][k][k]}
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record MixturePosterior(
    Likelihood likelihood,
    double[] leeway,
    double[] weights,
    double[][] shifts,
    double[][][] covariances) {

  /** Mean of d, {@code double[k]}. */
  public double[] mean() {
    return mean(weights, shifts);
  }

  /**
   * Probability that the first of two responses is preferred: {@code E[e + (1 - 2e) sigmoid(s (b +
   * a(x) d . D))]}, d integrated over the posterior.
   *
   * @param margins D, {@code float[k]}: expert rewards of the first response less the second's
   * @param routing {@code float[k]} of their prompt
   * @throws IllegalArgumentException naming the argument that is not as described
   */
  public double probability(float[] margins, float[] routing) {
    int k = leeway.length;
    LabelMargin pair = new LabelMargin(margins, routing, 1);
    pair.requireValid(k);
    double base = pair.margin(new double[k], leeway, likelihood);
    double here = RoutingWeights.leewayAt(routing, leeway, likelihood.sharedExperts());
    double[] direction = new double[k];
    for (int j = 0; j < k; j++) {
      direction[j] = here * margins[j];
    }
    double s = likelihood.scale();
    double e = likelihood.labelNoise();
    double won = 0;
    for (int i = 0; i < weights.length; i++) {
      double margin = base + Rows.dot(direction, shifts[i], 0, k);
      double variance = 0;
      for (int j = 0; j < k; j++) {
        variance += direction[j] * Rows.dot(covariances[i][j], direction, 0, k);
      }
      won += weights[i] * LogisticNormal.mean(s * margin, s * Math.sqrt(Math.max(0, variance)));
    }
    return e + (1 - 2 * e) * won;
  }

  /** The mixture's mean; exactly the modes where they are all the same. */
  static double[] mean(double[] weights, double[][] shifts) {
    double[] first = shifts[0];
    double[] mean = first.clone();
    for (int i = 1; i < weights.length; i++) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += weights[i] * (shifts[i][j] - first[j]);
      }
    }
    return mean;
  }
}
