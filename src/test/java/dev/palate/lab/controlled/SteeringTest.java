package dev.palate.lab.controlled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.bundle.Head;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SteeringTest {

  /** Mean of the largest of 16 standard normal numbers. */
  private static final double LARGEST_OF_16 = 1.766;

  private final World world = World.draw(ControlledSettings.DEFAULT, 0.5, new SplittableRandom(1));

  @Test
  void expertsOfOneAttributeEachPickByItAndAreMatchedToIt() {
    int groups = world.groups();
    float[][] experts = new float[groups + 1][];
    for (int g = 0; g < groups; g++) {
      experts[groups - g] = floats(world.own()[g]);
    }
    experts[0] = floats(world.common());
    Steering steering = Steering.of(world, head(experts), new SplittableRandom(2));
    assertThat(steering.matched()).containsExactly(6, 5, 4, 3, 2, 1);
    for (int g = 0; g < groups; g++) {
      for (int e = 0; e <= groups; e++) {
        double expected = e == groups - g ? LARGEST_OF_16 : 0;
        assertThat(steering.attributes()[e][g]).isCloseTo(expected, within(0.15));
      }
    }
    assertThat(steering.common()[0]).isCloseTo(LARGEST_OF_16, within(0.1));
    assertThat(steering.figures()).containsEntry("own is largest", 6.0);
    assertThat(steering.matrix().keySet()).last().isEqualTo("expert 1, spare");
  }

  @Test
  void anExpertOfTheWrongAttributeIsNotCounted() {
    float[][] experts = new float[world.groups()][];
    for (int g = 0; g < experts.length; g++) {
      // The first two care for the same attribute: one of them is matched to another's
      experts[g] = floats(world.own()[Math.max(g, 1)]);
    }
    Steering steering = Steering.of(world, head(experts), new SplittableRandom(3));
    assertThat(steering.figures()).containsEntry("own is largest", 5.0);
  }

  private static Head head(float[][] experts) {
    return new Head(new float[0][], new float[0], new float[0][], new float[0], experts);
  }

  private static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int j = 0; j < result.length; j++) {
      result[j] = (float) values[j];
    }
    return result;
  }
}
