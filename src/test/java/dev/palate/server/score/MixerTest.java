package dev.palate.server.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.UserPrior;
import dev.palate.core.model.PromptScores;
import dev.palate.core.model.ResponseScores;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A user's shift where the bundle gives it leeway, and where it does not. */
class MixerTest {

  private static final double[] SHIFT = {0, 0, 2, 0};

  @Test
  void aShiftReachesAsFarAsTheBundlesLeewayAtThePrompt() {
    // three quarters of the routing have full leeway, one quarter has 0.2: c = 0.8
    ScoreAnswer answer = mix(new double[] {1, 0.2, 0, 0}, new float[] {0.75f, 0.25f, 0, 0});

    // expert 2 is not routed to: its weight is c d, its reward 10
    assertThat(answer.responses().getFirst().reward())
        .isCloseTo(0.75 * 1 + 0.25 * 1 + 0.8 * 2 * 10, within(1e-6));
  }

  @Test
  void withoutLeewayAUserIsScoredAsNobody() {
    ScoreAnswer answer = mix(new double[4], new float[] {0.75f, 0.25f, 0, 0});
    assertThat(answer.responses().getFirst().reward()).isCloseTo(1, within(1e-6));
  }

  private static ScoreAnswer mix(double[] leeway, float[] routing) {
    Bundle fake = new FakeModel().bundle();
    Bundle bundle =
        new Bundle(
            fake.name(),
            fake.version(),
            fake.encoder(),
            fake.head(),
            fake.scale(),
            fake.labelNoise(),
            2,
            new UserPrior(new double[4], fake.prior().covariance(), leeway),
            fake.meanRouting(),
            fake.experts(),
            fake.data(),
            fake.metrics());
    PromptScores scores =
        new PromptScores(
            routing, 3, false, List.of(new ResponseScores(new float[] {1, 1, 10, 1}, 3, false)));
    return new Mixer(bundle)
        .mix(null, "u", new UserShift(ScoreAnswer.Weights.PERSONAL, 1, SHIFT), scores, true);
  }
}
