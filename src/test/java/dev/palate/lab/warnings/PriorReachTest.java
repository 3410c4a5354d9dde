package dev.palate.lab.warnings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.MixtureSolver;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.ScaleGrid;
import dev.palate.lab.encode.PairScores;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PriorReachTest {

  private static PriorReach.@Nullable Result measure(int pairs, int shared, double tau) {
    int k = 4;
    Random random = new Random(1);
    float[][] margins = new float[pairs][k];
    float[][] routing = new float[pairs][k];
    for (int i = 0; i < pairs; i++) {
      for (int j = 0; j < k; j++) {
        margins[i][j] = (float) random.nextGaussian();
        routing[i][j] = shared == 0 ? 1f / k : j < k - shared ? 1f / (k - shared) : 0;
      }
    }
    PairScores scores = new PairScores(margins, routing, shared);
    Likelihood likelihood = new Likelihood(1, 0, k - shared, shared);
    Prior prior = Prior.isotropic(k, tau);
    return PriorReach.measure(
        scores,
        IntStream.range(0, pairs).toArray(),
        new MixtureSolver(prior, likelihood, ScaleGrid.SINGLE),
        prior,
        likelihood,
        1);
  }

  @Test
  void aPriorThatIsTooSmallIsToldWithTheFigure() {
    for (int shared : new int[] {0, 2}) {
      PriorReach.Result deaf = Objects.requireNonNull(measure(300, shared, 1e-4));
      assertThat(deaf.users()).isEqualTo(shared == 0 ? 8 : 4);
      assertThat(deaf.warning().orElseThrow().code()).isEqualTo("prior_too_small");
      assertThat(deaf.warning().orElseThrow().message())
          .contains("20 labels", "points are expected", "add raters");
    }
  }

  @Test
  void aPriorThatHearsIsNotWarnedOf() {
    for (int shared : new int[] {0, 2}) {
      PriorReach.Result hears = Objects.requireNonNull(measure(300, shared, 1));
      assertThat(hears.after()).isGreaterThan(hears.before() + 0.1);
      assertThat(hears.warning()).isEmpty();
    }
  }

  @Test
  void tooFewPairsSayNothing() {
    assertThat(measure(0, 0, 1)).isNull();
    assertThat(measure(40, 2, 1)).as("20 of them tell").isNull();
  }
}
