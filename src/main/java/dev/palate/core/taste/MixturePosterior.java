package dev.palate.core.taste;

import org.jspecify.annotations.Nullable;

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

  private static final double LEAST_LEFT = 0.25;

  /** Mean of d, {@code double[k]}. */
  public double[] mean() {
    return mean(weights, shifts);
  }

  /**
   * Covariance of d, {@code double[k][k]}, by the law of total covariance: the mean of the scales'
   * covariances plus the covariance of their modes.
   */
  public double[][] covariance() {
    double[] mean = mean();
    int k = mean.length;
    double[][] total = new double[k][k];
    for (int g = 0; g < weights.length; g++) {
      for (int i = 0; i < k; i++) {
        for (int j = 0; j < k; j++) {
          double off = (shifts[g][i] - mean[i]) * (shifts[g][j] - mean[j]);
          total[i][j] += weights[g] * (covariances[g][i][j] + off);
        }
      }
    }
    return total;
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

  /**
   * The mean had one of the labels not been given, by one Newton step for each scale. With u = c D
   * the label's direction, l its loss at the scale's mode, q = u' H^-1 u and r = 1 - l'' q, the
   * mode moves by {@code H^-1 u l' / r}, and the log evidence by {@code l + l'^2 q / (2 r) - log(r)
   * / 2}: the objective without the label is taken for quadratic. Exact for a quadratic loss.
   *
   * @return null where r is under a quarter: the step would rest on curvature that is the label's
   */
  double @Nullable [] without(LabelMargin label) {
    int k = leeway.length;
    double here = RoutingWeights.leewayAt(label.routing(), leeway, likelihood.sharedExperts());
    double[] direction = new double[k];
    for (int j = 0; j < k; j++) {
      direction[j] = here * label.margins()[j];
    }
    double[] logs = new double[weights.length];
    double[][] moved = new double[weights.length][k];
    for (int i = 0; i < weights.length; i++) {
      double margin = label.margin(shifts[i], leeway, likelihood);
      Loss loss =
          label.tie()
              ? loss(margin, label.strength() / 2, 1).plus(loss(-margin, label.strength() / 2, -1))
              : loss(margin, label.strength(), 1);
      double variance = 0;
      for (int j = 0; j < k; j++) {
        moved[i][j] = Rows.dot(covariances[i][j], direction, 0, k);
        variance += direction[j] * moved[i][j];
      }
      double left = 1 - loss.bend * variance;
      if (!(left >= LEAST_LEFT)) {
        return null;
      }
      for (int j = 0; j < k; j++) {
        moved[i][j] = shifts[i][j] + moved[i][j] * loss.slope / left;
      }
      logs[i] =
          StrictMath.log(weights[i])
              + loss.value
              + loss.slope * loss.slope * variance / (2 * left)
              - StrictMath.log(left) / 2;
    }
    MixtureSolver.normalize(logs);
    return mean(logs, moved);
  }

  /** A label's loss and its derivatives by the margin. */
  private record Loss(double value, double slope, double bend) {

    Loss plus(Loss other) {
      return new Loss(value + other.value, slope + other.slope, bend + other.bend);
    }
  }

  /** Of a label whose margin is the pair's times the sign; derivatives are by the pair's. */
  private Loss loss(double margin, double strength, int sign) {
    double s = likelihood.scale();
    double e = likelihood.labelNoise();
    double won = Likelihood.sigmoid(s * margin);
    double lost = Likelihood.sigmoid(-s * margin);
    double slope = e == 0 ? lost : (1 - 2 * e) * won * lost / (e + (1 - 2 * e) * won);
    return new Loss(
        -strength * likelihood.logProbability(margin),
        -strength * s * slope * sign,
        strength * s * s * slope * (slope - (lost - won)));
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
