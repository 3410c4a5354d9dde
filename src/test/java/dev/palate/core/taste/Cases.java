package dev.palate.core.taste;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Priors and labels made from a seed. */
final class Cases {

  private Cases() {}

  /** A prior with correlated experts, a mean off zero and leeway that differs. */
  static Prior prior(int k, Random random, double scale) {
    double[] mean = new double[k];
    double[][] factor = new double[k][k];
    for (int i = 0; i < k; i++) {
      mean[i] = 0.3 * random.nextGaussian();
      for (int j = 0; j < i; j++) {
        factor[i][j] = 0.3 * random.nextGaussian();
      }
      factor[i][i] = 0.5 + random.nextDouble();
    }
    double[][] covariance = new double[k][k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        for (int l = 0; l < k; l++) {
          covariance[i][j] += scale * factor[i][l] * factor[j][l];
        }
      }
    }
    double[] leeway = random.doubles(k).toArray();
    return new Prior(mean, covariance, leeway);
  }

  static List<LabelMargin> labels(int n, int k, Random random, double spread) {
    List<LabelMargin> labels = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      labels.add(label(k, random, spread));
    }
    return labels;
  }

  static LabelMargin label(int k, Random random, double spread) {
    float[] margins = new float[k];
    for (int j = 0; j < k; j++) {
      margins[j] = (float) (spread * random.nextGaussian());
    }
    return new LabelMargin(margins, routing(k, random), 1 - 0.9 * random.nextDouble());
  }

  /** The same labels with {@code shared} experts more, whose weights are of any sign. */
  static List<LabelMargin> withShared(List<LabelMargin> labels, int shared, Random random) {
    List<LabelMargin> wider = new ArrayList<>();
    for (LabelMargin label : labels) {
      int k = label.margins().length;
      float[] margins = Arrays.copyOf(label.margins(), k + shared);
      float[] routing = Arrays.copyOf(label.routing(), k + shared);
      for (int j = k; j < k + shared; j++) {
        margins[j] = (float) random.nextGaussian();
        routing[j] = (float) (0.3 * random.nextGaussian());
      }
      wider.add(new LabelMargin(margins, routing, label.strength(), label.tie()));
    }
    return wider;
  }

  /** Half of the labels, at random, as ties. */
  static List<LabelMargin> halfTied(List<LabelMargin> labels, Random random) {
    List<LabelMargin> tied = new ArrayList<>();
    for (LabelMargin label : labels) {
      tied.add(
          new LabelMargin(
              label.margins(), label.routing(), label.strength(), random.nextBoolean()));
    }
    return tied;
  }

  /** A softmax of spread logits, as a router gives. */
  static float[] routing(int k, Random random) {
    double[] weights = new double[k];
    double total = 0;
    for (int j = 0; j < k; j++) {
      weights[j] = Math.exp(1.5 * random.nextGaussian());
      total += weights[j];
    }
    float[] routing = new float[k];
    for (int j = 0; j < k; j++) {
      routing[j] = (float) (weights[j] / total);
    }
    return routing;
  }
}
