package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ShotQualityTest {

  private static final int K = 3;
  private static final Likelihood LIKELIHOOD = new Likelihood(1, 0, 1);

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);

  /** What many may lose, since their accuracy shows that it does no harm, few may not. */
  @Test
  void aSmallLossOfLogLikelihoodHurtsFewUsersAndNotMany() {
    List<LabelMargin> tosses = tosses(60, 0.15f);

    for (int users : List.of(3, 30)) {
      ShotQuality before = tenShown(Collections.nCopies(users, tosses), 0);
      ShotQuality after = tenShown(Collections.nCopies(users, tosses), 0.5);

      assertThat(before.logLikelihood() - after.logLikelihood()).isBetween(1e-5, 0.003);
      assertThat(after.hurts(before)).as("%d users", users).isEqualTo(users == 3);
      assertThat(before.hurts(before)).isFalse();
    }
  }

  @Test
  void aLargeLossHurtsAnybody() {
    List<LabelMargin> tosses = tosses(60, 3);

    for (int users : List.of(3, 30)) {
      ShotQuality before = tenShown(Collections.nCopies(users, tosses), 0);

      assertThat(tenShown(Collections.nCopies(users, tosses), 1).hurts(before)).isTrue();
    }
  }

  private static ShotQuality tenShown(List<List<LabelMargin>> users, double factor) {
    Prior prior = Prior.isotropic(K, 1).scaled(factor);
    ShotQuality ten =
        ShotQuality.of(users, new TasteSolver(prior, LIKELIHOOD), prior, LIKELIHOOD)[3];
    assertThat(ten.users()).isEqualTo(users.size());
    return ten;
  }

  /** Labels of somebody without a taste, where the model has no opinion either. */
  private List<LabelMargin> tosses(int count, float size) {
    List<LabelMargin> labels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] margins = new float[K];
      for (int j = 1; j < K; j++) {
        margins[j] = size * (float) random.nextGaussian();
      }
      labels.add(new LabelMargin(margins, new float[] {1, 0, 0}, 1));
    }
    return labels;
  }
}
