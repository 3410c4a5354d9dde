package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NullBandTest {

  private static final int K = 6;
  private static final Likelihood LIKELIHOOD = new Likelihood(1, 0, 2);

  @Test
  void anExpertThatDecidesEveryLabelIsSignificant() {
    assertThat(significantOf(user(60, 2, new Random(1)))[2]).isTrue();
  }

  @Test
  void anExpertThatNoLabelSpeaksOfIsNotSignificant() {
    List<LabelMargin> labels = new ArrayList<>();
    for (LabelMargin label : user(60, 2, new Random(1))) {
      float[] margins = label.margins().clone();
      margins[4] = 0;
      labels.add(new LabelMargin(margins, label.routing(), label.strength()));
    }
    assertThat(significantOf(labels)[4]).isFalse();
  }

  @Test
  void labelsAtRandomAreRarelySignificant() {
    int significant = 0;
    for (int user = 0; user < 100; user++) {
      for (boolean one : significantOf(coinFlips(20, new Random(user)))) {
        significant += one ? 1 : 0;
      }
    }
    // 5 % by design; within four standard errors of 600 draws, rounded up for 64 re-solves
    assertThat(significant / 600.0).isLessThan(0.10);
  }

  @Test
  void theFastSolveLeavesSignificanceOut() {
    assertThat(
            new TasteSolver(Prior.isotropic(K, 1), LIKELIHOOD)
                .solve(user(60, 2, new Random(1)))
                .significant())
        .containsOnly(false);
  }

  private static boolean[] significantOf(List<LabelMargin> labels) {
    return TasteSolver.solve(Prior.isotropic(K, 1), LIKELIHOOD, labels).significant();
  }

  /** Labels of someone who looks at one expert alone. */
  private static List<LabelMargin> user(int n, int expert, Random random) {
    List<LabelMargin> labels = new ArrayList<>();
    for (LabelMargin label : Cases.labels(n, K, random, 1)) {
      labels.add(label.margins()[expert] > 0 ? label : TasteSolverTest.flipped(label));
    }
    return labels;
  }

  private static List<LabelMargin> coinFlips(int n, Random random) {
    return Cases.labels(n, K, random, 1);
  }
}
