package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlipsTest {

  /** Few labels, many, and margins so large that problems have to be finished alone. */
  @ParameterizedTest
  @CsvSource({"16, 5, 1, 0", "64, 20, 1, .01", "32, 20, 3, 0", "8, 120, 2, 0", "16, 20, 30, 0"})
  void problemsSideBySideEndWhereEachAloneDoes(int k, int n, double spread, double noise) {
    Random random = new Random(7);
    Prior prior = Cases.prior(k, random, 1.0 / k);
    Likelihood likelihood = new Likelihood(1.1, noise, 2);
    List<LabelMargin> labels = Cases.labels(n, k, random, spread);
    Objective objective = new Objective(new PriorShape(prior), likelihood);
    objective.load(labels);
    Flips flips = new Flips(k);

    flips.solve(objective, new Minimizer(objective, k));

    double[][] axes = new double[k][k];
    objective.sensitivity(axes);
    SplittableRandom coins = new SplittableRandom(31L * n + k);
    int apart = 0;
    for (int problem = 0; problem < Flips.COUNT; problem++) {
      double[] signs = new double[n];
      for (int i = 0; i < n; i++) {
        signs[i] = coins.nextBoolean() ? 1 : -1;
      }
      double[] alone = alone(prior, likelihood, labels, signs);
      for (int j = 0; j < k; j++) {
        double distance = 0;
        for (int i = 0; i < objective.size(); i++) {
          distance += flips.optima(i)[problem] * axes[i][j];
        }
        double deviation = Math.sqrt(prior.covariance()[j][j]);
        apart += Math.abs(alone[j] - distance) > 0.02 * deviation ? 1 : 0;
      }
    }
    // Label noise allows of several minima: a problem may end in another
    assertThat(apart).isLessThanOrEqualTo(noise == 0 ? 0 : Flips.COUNT * k / 100);
  }

  /** How far the labels, so signed, shift each expert, exactly. */
  private static double[] alone(
      Prior prior, Likelihood likelihood, List<LabelMargin> labels, double[] signs) {
    Objective objective = new Objective(new PriorShape(prior), likelihood);
    objective.load(labels);
    for (int i = 0; i < labels.size(); i++) {
      objective.sign(i, signs[i]);
    }
    Minimizer minimizer = new Minimizer(objective, prior.expertCount());
    minimizer.begin();
    minimizer.minimize(1e-26);
    double[] shift = new double[prior.expertCount()];
    objective.shift(minimizer.point().x, shift);
    for (int j = 0; j < shift.length; j++) {
      shift[j] -= prior.mean()[j];
    }
    return shift;
  }
}
