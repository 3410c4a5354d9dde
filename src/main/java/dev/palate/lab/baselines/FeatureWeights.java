package dev.palate.lab.baselines;

import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.TasteSolver;
import dev.palate.lab.judge.LinearRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A new user of Reward Features (arXiv 2503.17338): signed weights of the features by logistic
 * regression, with a ridge toward the mean training user.
 *
 * @param mean the mean user's weights, {@code double[k]}
 * @param deviation how far a user may be from it; the ridge's strength is its inverse square
 */
@SuppressWarnings("ArrayRecordComponent") // rules are never compared
record FeatureWeights(double[] mean, double deviation) implements LinearRule.Weights {

  @Override
  public double[] of(float[][] labels) {
    int k = mean.length;
    // The solver adds a shift to a routing. An expert that is always routed to and whose margin is
    // always 0 leaves the shift alone: the plain ridge problem.
    float[] routing = new float[k + 1];
    routing[k] = 1;
    List<LabelMargin> padded = new ArrayList<>(labels.length);
    for (float[] margins : labels) {
      padded.add(new LabelMargin(Arrays.copyOf(margins, k + 1), routing, 1));
    }
    double[][] covariance = new double[k + 1][k + 1];
    for (int j = 0; j <= k; j++) {
      covariance[j][j] = deviation * deviation;
    }
    Prior prior = new Prior(Arrays.copyOf(mean, k + 1), covariance);
    double[] shift = new TasteSolver(prior, new Likelihood(1, 0, 1)).solve(padded).shift();
    return Arrays.copyOf(shift, k);
  }
}
