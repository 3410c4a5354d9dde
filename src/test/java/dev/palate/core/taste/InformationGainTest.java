package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The quadrature against plain sums and draws, and what information gain must be like. */
class InformationGainTest {

  private static double nats(double e, double margin, double variance) {
    return InformationGain.of(new Likelihood(1, e, 1), margin, variance).nats();
  }

  private static double entropy(double p) {
    return p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log1p(-p);
  }

  /** A sum of 4 million small steps, written from the definition. */
  private static InformationGain summed(Likelihood likelihood, double margin, double variance) {
    int steps = 2_000_000;
    double reach = 9;
    double mass = 0;
    double mean = 0;
    double unsure = 0;
    double bend = 0;
    double s = likelihood.scale();
    double kept = 1 - 2 * likelihood.labelNoise();
    for (int i = -steps; i <= steps; i++) {
      double u = reach * i / steps;
      double weight = Math.exp(-u * u / 2);
      double sigma = 1 / (1 + Math.exp(-s * (margin + Math.sqrt(variance) * u)));
      double p = likelihood.labelNoise() + kept * sigma;
      double slope = kept * s * sigma * (1 - sigma);
      mass += weight;
      mean += weight * p;
      unsure += weight * entropy(p);
      bend += p <= 0 || p >= 1 ? 0 : weight * slope * slope / (p * (1 - p));
    }
    return new InformationGain(entropy(mean / mass) - unsure / mass, bend / mass);
  }

  @ParameterizedTest
  @CsvSource({
    "1,   0,    0,    1",
    "1,   0.1,  0.3,  0.01",
    "2.5, 0.05, -1.2, 0.7",
    "1,   0,    4,    9",
    "0.7, 0.3,  0.1,  100",
    "1,   0,    -30,  400",
    "3,   0.02, 0.5,  400",
    "1,   0,    60,   1"
  })
  void isWhatAFineSumGives(double s, double e, double margin, double variance) {
    Likelihood likelihood = new Likelihood(s, e, 1);
    InformationGain gain = InformationGain.of(likelihood, margin, variance);
    InformationGain expected = summed(likelihood, margin, variance);
    assertThat(gain.nats()).isCloseTo(expected.nats(), within(1e-10));
    assertThat(gain.curvature()).isCloseTo(expected.curvature(), within(1e-9));
  }

  @Test
  void isTheMutualInformationOfDrawnUsersAndLabels() {
    Likelihood likelihood = new Likelihood(1.5, 0.08, 1);
    double margin = 0.4;
    double variance = 1.7;
    SplittableRandom random = new SplittableRandom(7);
    int draws = 2_000_000;
    double preferred = 0;
    double logOfLabel = 0;
    for (int i = 0; i < draws; i++) {
      double p = likelihood.probability(margin + Math.sqrt(variance) * random.nextGaussian());
      boolean first = random.nextDouble() < p;
      preferred += first ? 1 : 0;
      logOfLabel += Math.log(first ? p : 1 - p);
    }
    double drawn = entropy(preferred / draws) + logOfLabel / draws;
    assertThat(InformationGain.of(likelihood, margin, variance).nats())
        .isCloseTo(drawn, within(0.002));
  }

  @Test
  void nothingIsLearnedWhereTheUserIsKnown() {
    assertThat(nats(0.1, 0.3, 0)).isCloseTo(0, within(1e-15));
    assertThat(nats(0, 0, 0)).isCloseTo(0, within(1e-15));
  }

  @Test
  void usersWhoHardlyDifferTeachInProportionToTheirVariance() {
    double variance = 1e-6;
    assertThat(nats(0, 0.8, variance) / (variance / 2 * 0.2139))
        .as("I = v s^2 sigma(1 - sigma) / 2 for small v")
        .isCloseTo(1, within(1e-3));
  }

  @Test
  void aCertainAnswerIsBestWhereItSplitsTheUsersInHalf() {
    assertThat(nats(0, 0, 1e4)).isBetween(0.6, Math.log(2));
    assertThat(nats(0, 0, 1e12)).isCloseTo(Math.log(2), within(0.007));
    assertThat(nats(0.2, 0, 1e12)).isCloseTo(Math.log(2) - entropy(0.2), within(0.007));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.05, 0.3})
  void noiseAndDistanceFromTheBorderTeachLess(double e) {
    assertThat(nats(e, 0, 1)).isGreaterThan(nats(e + 0.1, 0, 1));
    assertThat(nats(e, 0, 1)).isGreaterThan(nats(e, 2, 1));
    assertThat(nats(e, 0, 2)).isGreaterThan(nats(e, 0, 1));
    assertThat(nats(e, 2, 1)).isCloseTo(nats(e, -2, 1), within(1e-14));
  }

  @Test
  void hugeAndTinyNumbersStayNumbers() {
    for (double margin : new double[] {0, 1e-300, 1e300, -Double.MAX_VALUE}) {
      for (double variance : new double[] {0, Double.MIN_VALUE, 1e300, Double.MAX_VALUE}) {
        assertThat(nats(0, margin, variance))
            .as("%s, %s", margin, variance)
            .isBetween(0.0, Math.log(2));
      }
    }
  }

  @Test
  void whatIsNoNumberIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> nats(0, Double.NaN, 1))
        .withMessageContaining("'margin'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> nats(0, 0, -1))
        .withMessageContaining("'variance'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> nats(0, 0, Double.POSITIVE_INFINITY))
        .withMessageContaining("'variance'");
  }
}
