package dev.palate.lab.controlled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.lab.encode.EncodedPairs;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SingleHeadTest {

  private final World world = World.draw(ControlledSettings.DEFAULT, 0.5, new SplittableRandom(1));
  private final EncodedPairs pairs = world.pairs(400, new SplittableRandom(2)).pairs();

  @Test
  void noOtherDirectionHasALowerRidgeLoss() {
    double[] direction = SingleHead.fit(pairs).direction();
    for (int j = 0; j < direction.length; j++) {
      double step = 1e-4;
      double[] up = direction.clone();
      up[j] += step;
      double[] down = direction.clone();
      down[j] -= step;
      assertThat((loss(up) - loss(down)) / (2 * step)).as("slope %d", j).isCloseTo(0, within(1e-5));
    }
  }

  private double loss(double[] direction) {
    double loss = 0;
    for (double margin : new SingleHead(direction).margins(pairs)) {
      loss += Math.log1p(Math.exp(-margin));
    }
    for (double v : direction) {
      loss += v * v / 2;
    }
    return loss;
  }

  @Test
  void marginsAreRewardsOfTheChosenLessThoseOfTheRejected() {
    double[] direction = new double[world.dimension()];
    direction[3] = 2;
    float[] chosen = new float[direction.length];
    float[] rejected = new float[direction.length];
    pairs.encodings().copy(pairs.chosen()[7], chosen, 0);
    pairs.encodings().copy(pairs.rejected()[7], rejected, 0);
    assertThat(new SingleHead(direction).margins(pairs)[7])
        .isCloseTo(2.0 * (chosen[3] - rejected[3]), within(1e-5));
  }
}
