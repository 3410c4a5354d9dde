package dev.palate.lab.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.lab.judge.LinearRule;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UserWeightsTest {

  private static final float[][] LABELS = {{1, -2, 0.5f}, {0.5f, 3, -1}, {-1, 0.2f, 2}, {2, 1, 1}};

  @Test
  void loreStaysOnTheSimplexAndReachesTheBestPointOfAFineGrid() {
    double[] weights = new SimplexWeights(new double[3]).of(LABELS);
    assertThat(Arrays.stream(weights).min().orElseThrow()).isNotNegative();
    assertThat(weights[0] + weights[1] + weights[2]).isCloseTo(1, within(1e-12));
    double best = Double.POSITIVE_INFINITY;
    for (int a = 0; a <= 200; a++) {
      for (int b = 0; a + b <= 200; b++) {
        double[] point = {a / 200.0, b / 200.0, (200 - a - b) / 200.0};
        best = Math.min(best, loss(point, 0));
      }
    }
    assertThat(loss(weights, 0)).isCloseTo(best, within(1e-4));
  }

  @Test
  void loresGradientAgreesWithFiniteDifferences() {
    double[] parameters = {0.3, -0.2, 0.7};
    double[] weights = parameters.clone();
    Reweighting.softmax(weights);
    double[] gradient = new double[3];
    SimplexWeights.gradient(weights, LABELS, gradient);
    for (int k = 0; k < 3; k++) {
      double[] up = parameters.clone();
      double[] down = parameters.clone();
      up[k] += 1e-5;
      down[k] -= 1e-5;
      Reweighting.softmax(up);
      Reweighting.softmax(down);
      double slope = (loss(up, 0) - loss(down, 0)) / 2e-5 / LABELS.length;
      assertThat(gradient[k]).isCloseTo(slope, within(1e-8));
    }
  }

  @Test
  void loreWithoutLabelsIsTheMeanUser() {
    double[] mean = {1, 2, 3};
    double[] expected = mean.clone();
    Reweighting.softmax(expected);
    assertThat(new SimplexWeights(mean).of(new float[0][])).isEqualTo(expected);
  }

  @Test
  void rewardFeaturesSolveTheRidgeProblemAsSlowDescentDoes() {
    double[] mean = {0.2, -0.1, 0.4};
    double ridge = 1 / 0.25;
    double[] slow = mean.clone();
    for (int step = 0; step < 20_000; step++) {
      double[] gradient = new double[3];
      for (float[] label : LABELS) {
        double slope = -Reweighting.sigmoid(-LinearRule.dot(slow, label));
        for (int k = 0; k < 3; k++) {
          gradient[k] += slope * label[k];
        }
      }
      for (int k = 0; k < 3; k++) {
        slow[k] -= 0.02 * (gradient[k] + ridge * (slow[k] - mean[k]));
      }
    }
    double[] weights = new FeatureWeights(mean, 0.5).of(LABELS);
    for (int k = 0; k < 3; k++) {
      assertThat(weights[k]).isCloseTo(slow[k], within(1e-8));
    }
    assertThat(new FeatureWeights(mean, 0.5).of(new float[0][])).containsExactly(mean);
  }

  private static double loss(double[] weights, double start) {
    double sum = start;
    for (float[] label : LABELS) {
      sum += Reweighting.softplus(-LinearRule.dot(weights, label));
    }
    return sum;
  }
}
