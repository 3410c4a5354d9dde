package dev.palate.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.lab.encode.PairScores;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpertCalibrationTest {

  /** Expert 0 is as sure as it should be, expert 1 four times too sure, expert 2 never right. */
  private static PairScores scores() {
    Random random = new Random(3);
    double[] truth = {1, 0.25, 0};
    float[][] margins = new float[30_000][3];
    float[][] routing = new float[30_000][3];
    for (int i = 0; i < margins.length; i++) {
      int expert = i % 3;
      routing[i][expert] = 1;
      double margin = 2 * random.nextGaussian();
      boolean right = random.nextDouble() < 1 / (1 + Math.exp(-truth[expert] * margin));
      for (int k = 0; k < 3; k++) {
        margins[i][k] = (float) (right ? margin : -margin);
      }
    }
    return new PairScores(margins, routing);
  }

  @Test
  void anExpertIsMadeAsSureAsItsLabelsBearOut() {
    PairScores scores = scores();
    double[] ones = new double[scores.size()];
    Arrays.fill(ones, 1);

    double[] factors = ExpertCalibration.factors(scores, ones, 1);

    assertThat(factors[0]).isCloseTo(1, within(0.08));
    assertThat(factors[1]).isCloseTo(0.25, within(0.04));
    assertThat(factors[2]).isPositive().isLessThan(0.08);
  }

  @Test
  void noOtherFactorsMakeTheLabelsLikelier() {
    PairScores scores = scores();
    double[] ones = new double[scores.size()];
    Arrays.fill(ones, 1);
    double[] factors = ExpertCalibration.factors(scores, ones, 1);
    double best = loss(scores, factors);

    for (int k = 0; k < 2; k++) {
      for (double by : new double[] {0.9, 1.1}) {
        double[] other = factors.clone();
        other[k] *= by;
        assertThat(loss(scores, other)).isGreaterThan(best);
      }
    }
  }

  private static double loss(PairScores scores, double[] factors) {
    double sum = 0;
    for (int i = 0; i < scores.size(); i++) {
      int expert = i % 3;
      double margin = factors[expert] * scores.margins()[i][expert];
      sum += Math.log1p(Math.exp(-margin));
    }
    return sum;
  }
}
