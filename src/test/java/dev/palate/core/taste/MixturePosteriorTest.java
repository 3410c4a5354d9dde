package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixturePosteriorTest {

  private static final int K = 5;
  private static final int SHARED = 2;
  private static final int DRAWS = 200_000;

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 20})
  void theProbabilityIsThatOfDrawsFromThePosterior(int n) {
    for (double scale : new double[] {0.5, 1, 4}) {
      Random random = new Random(n);
      MixturePosterior posterior = posterior(n, random, scale, 0.05);
      LabelMargin pair = pair(random);
      double sum = 0;
      for (int draw = 0; draw < DRAWS; draw++) {
        double[] shift = draw(posterior, random);
        sum +=
            posterior
                .likelihood()
                .probability(pair.margin(shift, posterior.leeway(), posterior.likelihood()));
      }
      assertThat(posterior.probability(pair.margins(), pair.routing()))
          .isCloseTo(sum / DRAWS, within(0.01));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 20})
  void theCovarianceIsThatOfDrawsFromThePosterior(int n) {
    Random random = new Random(n);
    MixturePosterior posterior = posterior(n, random, 1, 0.05);
    double[] mean = posterior.mean();
    double[][] drawn = new double[K][K];
    for (int draw = 0; draw < DRAWS; draw++) {
      double[] shift = draw(posterior, random);
      for (int i = 0; i < K; i++) {
        for (int j = 0; j < K; j++) {
          drawn[i][j] += (shift[i] - mean[i]) * (shift[j] - mean[j]) / DRAWS;
        }
      }
    }
    double[][] covariance = posterior.covariance();
    for (int i = 0; i < K; i++) {
      for (int j = 0; j < K; j++) {
        double size = Math.sqrt(covariance[i][i] * covariance[j][j]);
        assertThat(drawn[i][j]).isCloseTo(covariance[i][j], within(0.03 * size));
      }
    }
  }

  @Property(tries = 100)
  void theProbabilitiesOfBothOrdersSumToOne(
      @ForAll long seed,
      @ForAll @IntRange(max = 10) int n,
      @ForAll @DoubleRange(max = 0.4) double noise) {
    Random random = new Random(seed);
    MixturePosterior posterior = posterior(n, random, 1, noise);
    LabelMargin pair = pair(random);
    double one = posterior.probability(pair.margins(), pair.routing());
    double other = posterior.probability(TasteSolverTest.flipped(pair).margins(), pair.routing());
    assertThat(one + other).isCloseTo(1, within(1e-12));
    assertThat(one).isBetween(noise, 1 - noise);
  }

  @Property(tries = 100)
  void theMeanOfASigmoidIsThatOfASum(
      @ForAll @DoubleRange(min = -30, max = 30) double mean,
      @ForAll @DoubleRange(max = 60) double deviation) {
    double total = 0;
    double sum = 0;
    for (double u = -9; u <= 9; u += 1e-3) {
      double weight = Math.exp(-u * u / 2);
      total += weight;
      sum += weight / (1 + Math.exp(-(mean + deviation * u)));
    }
    assertThat(LogisticNormal.mean(mean, deviation))
        .isCloseTo(sum / total, within(deviation > 30 ? 1e-3 : 1e-6));
  }

  @Test
  void asSureAPosteriorAsCanBeGivesThePluggedInProbability() {
    MixturePosterior posterior =
        new MixturePosterior(
            new Likelihood(2, 0.1, 1),
            new double[] {1},
            new double[] {1},
            new double[][] {{0.5}},
            new double[][][] {{{0}}});
    assertThat(posterior.probability(new float[] {1}, new float[] {1}))
        .isCloseTo(new Likelihood(2, 0.1, 1).probability(1.5), within(1e-15));
  }

  @Test
  void hugeMarginsGiveAProbability() {
    MixturePosterior posterior = posterior(4, new Random(1), 1, 0);
    float[] routing = {1, 0, 0, 0, 0};
    assertThat(posterior.probability(new float[] {0, 0, 0, 0, 3e38f}, routing)).isBetween(0.0, 1.0);
  }

  @Test
  void marginsAndRoutingThatAreNotAsDescribedAreRefusedByName() {
    MixturePosterior posterior = posterior(3, new Random(1), 1, 0);
    float[] good = {1, 0, 0, 0, 0};
    float[] bad = {1, 0, 0, 0, Float.NaN};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> posterior.probability(bad, good))
        .withMessageContaining("'margins'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> posterior.probability(new float[4], good))
        .withMessageContaining("'margins'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> posterior.probability(good, bad))
        .withMessageContaining("'routing'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> posterior.probability(good, new float[4]))
        .withMessageContaining("'routing'");
  }

  private static MixturePosterior posterior(int n, Random random, double scale, double noise) {
    Prior prior = Cases.prior(K, random, 1);
    List<LabelMargin> labels =
        Cases.withShared(Cases.labels(n, K - SHARED, random, 1), SHARED, random);
    return new MixtureSolver(
            prior, new Likelihood(scale, noise, 2, SHARED), SignificanceStudy.LEARNED)
        .posterior(labels);
  }

  private static LabelMargin pair(Random random) {
    return Cases.withShared(Cases.labels(1, K - SHARED, random, 1), SHARED, random).getFirst();
  }

  private static double[] draw(MixturePosterior posterior, Random random) {
    double left = random.nextDouble();
    int component = 0;
    while (component < posterior.weights().length - 1 && left > posterior.weights()[component]) {
      left -= posterior.weights()[component++];
    }
    double[][] factor = new double[K][];
    for (int i = 0; i < K; i++) {
      factor[i] = posterior.covariances()[component][i].clone();
    }
    assertThat(Cholesky.factor(factor, K, null)).isTrue();
    double[] shift = posterior.shifts()[component].clone();
    for (int i = 0; i < K; i++) {
      double normal = random.nextGaussian();
      for (int j = i; j < K; j++) {
        shift[j] += normal * factor[i][j];
      }
    }
    return shift;
  }
}
