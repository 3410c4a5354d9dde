package dev.palate.core.taste;

import java.util.List;

/**
 * MODEL.md's objective in d, prepared for a minimizer that knows only values and gradients: bases
 * b_i and the inverse of Sigma are computed once, a value and its gradient cost one pass over the
 * labels. {@link Reference} is the same without any preparation.
 */
final class WrittenObjective implements Lbfgs.Function {

  private final double[] mean;
  private final double[][] precision;
  private final double scale;
  private final double noise;
  private final double[] bases;
  private final double[] strengths;
  private final double[][] margins;
  private final int k;

  WrittenObjective(Prior prior, Likelihood likelihood, List<LabelMargin> labels) {
    this.mean = prior.mean();
    this.k = mean.length;
    this.precision = Reference.inverse(prior.covariance());
    this.scale = likelihood.scale();
    this.noise = likelihood.labelNoise();
    int n = labels.size();
    this.bases = new double[n];
    this.strengths = new double[n];
    this.margins = new double[n][k];
    for (int i = 0; i < n; i++) {
      LabelMargin label = labels.get(i);
      double here = RoutingWeights.leewayAt(label.routing(), prior.leeway());
      double[] routing = RoutingWeights.sparsify(label.routing(), likelihood.topM());
      strengths[i] = label.strength();
      for (int j = 0; j < k; j++) {
        margins[i][j] = here * label.margins()[j];
        bases[i] += routing[j] * label.margins()[j];
      }
    }
  }

  /** The value at d; sets {@code gradient}. */
  @Override
  public double at(double[] d, double[] gradient) {
    double value = 0;
    for (int j = 0; j < k; j++) {
      double sum = 0;
      for (int l = 0; l < k; l++) {
        sum += precision[j][l] * (d[l] - mean[l]);
      }
      gradient[j] = sum;
      value += sum * (d[j] - mean[j]) / 2;
    }
    for (int i = 0; i < bases.length; i++) {
      double margin = bases[i];
      for (int j = 0; j < k; j++) {
        margin += d[j] * margins[i][j];
      }
      double win = 1 / (1 + Math.exp(-scale * margin));
      double probability = noise + (1 - 2 * noise) * win;
      value -= strengths[i] * Math.log(probability);
      double pull = strengths[i] * (1 - 2 * noise) * scale * win * (1 - win) / probability;
      for (int j = 0; j < k; j++) {
        gradient[j] -= pull * margins[i][j];
      }
    }
    return value;
  }
}
