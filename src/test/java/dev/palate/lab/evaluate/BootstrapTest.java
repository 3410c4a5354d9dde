package dev.palate.lab.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {

  private final Bootstrap bootstrap = new Bootstrap(1000, 1);

  @Test
  void nineteenOfTwentyIntervalsCoverTheTrueMean() {
    Random random = new Random(2);
    int covered = 0;
    for (int trial = 0; trial < 200; trial++) {
      double[] values = random.doubles(60).map(x -> 3 + x).toArray();
      Figure figure = new Bootstrap(400, trial).mean(values);
      covered += low(figure) <= 3.5 && high(figure) >= 3.5 ? 1 : 0;
    }
    assertThat(covered).isBetween(176, 198);
  }

  @Test
  void intervalOfAMeanHasTheWidthOfTheNormalApproximation() {
    double[] values = new Random(3).doubles(400).toArray();
    Figure figure = bootstrap.mean(values);
    double expected = 2 * 1.96 * Math.sqrt(1 / 12.0 / 400);
    assertThat(high(figure) - low(figure)).isCloseTo(expected, within(0.15 * expected));
    assertThat(figure.n()).isEqualTo(400);
  }

  @Test
  void ratioWeighsUnitsByTheirSizeAndMeanDoesNot() {
    double[] sums = {9, 0};
    double[] sizes = {9, 1};
    assertThat(bootstrap.ratio(sums, sizes).value()).isEqualTo(0.9);
    assertThat(bootstrap.mean(new double[] {1, 0}).value()).isEqualTo(0.5);
  }

  @Test
  void worstDecileIsTheMeanOfTheLowestTenthAndOfOneAtLeast() {
    double[] twenty = new double[20];
    for (int i = 0; i < 20; i++) {
      twenty[i] = 19 - i;
    }
    assertThat(bootstrap.worstDecile(twenty).value()).isEqualTo(0.5);
    assertThat(bootstrap.worstDecile(new double[] {4, -1, 3}).value()).isEqualTo(-1);
  }

  private static double low(Figure figure) {
    return Objects.requireNonNull(figure.low());
  }

  private static double high(Figure figure) {
    return Objects.requireNonNull(figure.high());
  }

  @Test
  void oneUnitHasNoInterval() {
    assertThat(bootstrap.mean(new double[] {0.7})).isEqualTo(new Figure(0.7, null, null, 1));
  }

  @Test
  void calibrationErrorIsTheDistanceOfConfidenceAndAccuracy() {
    ReliabilityCurve curve = new ReliabilityCurve(2);
    // 0.81 sure and right in three of four; 0.62 sure of the wrong one, once
    for (double p : new double[] {0.81, 0.81, 0.81, 0.19}) {
      curve.add(0, 1, p);
    }
    curve.add(1, 1, 0.38);
    assertThat(curve.error(bootstrap).value())
        .isCloseTo((4 * (0.81 - 0.75) + 0.62) / 5, within(1e-12));
    assertThat(curve.bins()).hasSize(2);
    assertThat(curve.bins().getFirst().accuracy()).isZero();
    assertThat(curve.bins().getLast().share()).isEqualTo(0.8);
  }
}
