package dev.palate.lab.controlled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WorldTest {

  private final World world = World.draw(ControlledSettings.DEFAULT, 0.9, new SplittableRandom(1));

  @Test
  void directionsOfAnyTwoGroupsHaveTheCosineAskedFor() {
    for (int g = 0; g < world.groups(); g++) {
      for (int other = 0; other < world.groups(); other++) {
        assertThat(dot(world.direction(g), world.direction(other)))
            .isCloseTo(g == other ? 1 : 0.9, within(1e-9));
      }
    }
  }

  @Test
  void whatIsChosenIsBetterForThePromptsGroupUnlessTheLabelIsWrong() {
    HiddenPairs pairs = world.pairs(500, new SplittableRandom(2));
    for (int i = 0; i < pairs.size(); i++) {
      assertThat(margin(pairs, i, world.direction(pairs.group()[i])) > 0)
          .isEqualTo(pairs.truth()[i]);
    }
  }

  @Test
  void aTenthOfTheLabelsIsWrong() {
    assertThat(world.pairs(20_000, new SplittableRandom(3)).ceiling()).isCloseTo(0.9, within(0.01));
  }

  @Test
  void promptsLieAroundTheCentreOfTheirGroup() {
    HiddenPairs pairs = world.pairs(300, new SplittableRandom(4));
    float[] prompt = new float[world.dimension()];
    for (int i = 0; i < pairs.size(); i++) {
      pairs.pairs().encodings().copy(pairs.pairs().prompts()[i], prompt, 0);
      assertThat(nearestCentre(prompt)).isEqualTo(pairs.group()[i]);
    }
  }

  @Test
  void aUserJudgesByTheirOwnMixtureAndByThePromptsGroup() {
    MixedUser user = new MixedUser(new double[] {0.5, 0.5, 0, 0, 0, 0}, 0.4);
    double[] direction = user.direction(world, 2);
    for (int j = 0; j < direction.length; j++) {
      double expected =
          0.6 * world.direction(2)[j] + 0.2 * (world.direction(0)[j] + world.direction(1)[j]);
      assertThat(direction[j]).isCloseTo(expected, within(1e-12));
    }
    HiddenPairs pairs = world.pairs(List.of(user, user), 50, new SplittableRandom(5));
    for (int i = 0; i < pairs.size(); i++) {
      double margin = margin(pairs, i, user.direction(world, pairs.group()[i]));
      assertThat(margin > 0).isEqualTo(pairs.truth()[i]);
      assertThat(pairs.pairs().pairs().get(i).user()).isEqualTo("user " + i / 50);
    }
  }

  @Test
  void mixturesHaveTheMomentsOfTheirDirichletDistribution() {
    int n = 40_000;
    SplittableRandom random = new SplittableRandom(6);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double[] mix = MixedUser.dirichlet(4, 0.5, random);
      assertThat(mix[0] + mix[1] + mix[2] + mix[3]).isCloseTo(1, within(1e-9));
      sum += mix[0];
      squares += mix[0] * mix[0];
    }
    double mean = sum / n;
    assertThat(mean).isCloseTo(0.25, within(0.005));
    // Variance p (1 - p) / (total concentration + 1)
    assertThat(squares / n - mean * mean).isCloseTo(0.25 * 0.75 / 3, within(0.002));
  }

  private static double margin(HiddenPairs pairs, int i, double[] direction) {
    float[] chosen = new float[direction.length];
    float[] rejected = new float[direction.length];
    pairs.pairs().encodings().copy(pairs.pairs().chosen()[i], chosen, 0);
    pairs.pairs().encodings().copy(pairs.pairs().rejected()[i], rejected, 0);
    return World.dot(direction, chosen) - World.dot(direction, rejected);
  }

  private int nearestCentre(float[] prompt) {
    int nearest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int g = 0; g < world.groups(); g++) {
      double distance = 0;
      for (int j = 0; j < prompt.length; j++) {
        distance += Math.pow(prompt[j] - world.centres()[g][j], 2);
      }
      if (distance < least) {
        least = distance;
        nearest = g;
      }
    }
    return nearest;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }
}
