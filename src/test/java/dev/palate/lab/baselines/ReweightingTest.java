package dev.palate.lab.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ReweightingTest {

  private static final float[][] LABELS = {{1, -2, 0}, {0.5f, 3, -1}};

  @Test
  void weightsFallExponentiallyWithEachHeadsLoss() {
    double[] expected = new double[3];
    double sum = 0;
    for (int k = 0; k < 3; k++) {
      double loss = 0;
      for (float[] label : LABELS) {
        loss += Math.log(1 + Math.exp(-2 * label[k]));
      }
      expected[k] = Math.exp(-0.3 * loss);
      sum += expected[k];
    }
    double[] weights = new Reweighting(3, Reweighting.HEDGE, 2).of(LABELS);
    for (int k = 0; k < 3; k++) {
      assertThat(weights[k]).isCloseTo(expected[k] / sum, within(1e-12));
    }
  }

  @Test
  void withoutLabelsAllHeadsWeighTheSame() {
    assertThat(new Reweighting(4, Reweighting.HYRE, 1).of(new float[0][]))
        .containsExactly(0.25, 0.25, 0.25, 0.25);
  }

  @Test
  void tiltedHedgeWithoutLabelsIsTheRouterAndLabelsTiltIt() {
    float[][] margins = {{1, -1}, {2, 1}};
    float[][] routing = {{0.75f, 0.25f}, {0.5f, 0.5f}};
    TiltedHedge rule = new TiltedHedge("tilted", margins, routing, 1, 1, false);
    assertThat(rule.unadapted(0)).isCloseTo(0.5, within(1e-6));
    double first = 0.75 * Math.exp(-0.3 * Math.log(1 + Math.exp(-2)));
    double second = 0.25 * Math.exp(-0.3 * Math.log(1 + Math.exp(-1)));
    assertThat(rule.adapt(new int[] {1}).margin(0))
        .isCloseTo((first - second) / (first + second), within(1e-6));
  }

  @Test
  void mixtureOfProbabilitiesGivesItsLogOdds() {
    double p = 0.3 / (1 + Math.exp(-2)) + 0.7 / (1 + Math.exp(1));
    assertThat(TiltedHedge.logOddsOfMixture(new double[] {0.3, 0.7}, new float[] {2, -1}))
        .isCloseTo(Math.log(p / (1 - p)), within(1e-9));
  }
}
