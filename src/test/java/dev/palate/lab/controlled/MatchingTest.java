package dev.palate.lab.controlled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MatchingTest {

  @Test
  void reachesTheSumOfTheBestOfAllMatchings() {
    Random random = new Random(1);
    for (int trial = 0; trial < 500; trial++) {
      double[][] value = new double[1 + random.nextInt(6)][1 + random.nextInt(6)];
      for (double[] row : value) {
        // Few distinct values, negative ones too, so that ties are common
        Arrays.setAll(row, j -> trialValue(random));
      }
      int[] matched = Matching.largest(value);
      assertThat(sum(value, matched))
          .as("trial %d of %s", trial, Arrays.deepToString(value))
          .isCloseTo(BruteForce.bestMatching(value), within(1e-9));
    }
  }

  private static double trialValue(Random random) {
    return random.nextBoolean() ? random.nextInt(-3, 4) : random.nextGaussian();
  }

  @Test
  void matchesNoColumnTwiceAndAsManyRowsAsThereAreColumns() {
    double[][] tall = {{5}, {7}, {6}};
    assertThat(Matching.largest(tall)).containsExactly(-1, 0, -1);
    double[][] wide = {{1, 9, 4}, {2, 8, 0}};
    assertThat(Matching.largest(wide)).containsExactly(2, 1);
  }

  private static double sum(double[][] value, int[] matched) {
    double sum = 0;
    for (int i = 0; i < matched.length; i++) {
      sum += matched[i] < 0 ? 0 : value[i][matched[i]];
    }
    return sum;
  }
}
