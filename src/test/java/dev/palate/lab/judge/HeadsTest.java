package dev.palate.lab.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.model.Prompt;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.Encodings;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeadsTest {

  private static final double[] LONG = {0.6, -0.8, 0};

  @Test
  void firstPrincipalHeadIsTheDirectionInWhichPairsDifferMostTurnedToTheChosenSide() {
    EncodedPairs pairs = pairs(500, 3);
    float[] head = Heads.principal(pairs, 2)[0];
    double length = Math.sqrt(head[0] * head[0] + head[1] * head[1] + head[2] * head[2]);
    for (int j = 0; j < 3; j++) {
      assertThat(head[j] / length).isCloseTo(LONG[j], within(0.05));
    }
  }

  @Test
  void everyHeadIsRightMoreOftenThanNotAndItsMarginsHaveUnitSize() {
    EncodedPairs pairs = pairs(500, 4);
    for (float[][] heads : List.of(Heads.principal(pairs, 3), Heads.random(pairs, 5, 1))) {
      float[][] margins = PairScores.of(Heads.only(heads), pairs).margins();
      for (int k = 0; k < heads.length; k++) {
        double squares = 0;
        double right = 0;
        for (float[] margin : margins) {
          squares += margin[k] * margin[k] / margins.length;
          right += Calibrated.right(margin[k]) / margins.length;
        }
        assertThat(squares).isCloseTo(1, within(1e-3));
        assertThat(right).isGreaterThanOrEqualTo(0.5);
      }
    }
  }

  @Test
  void asksForNoMoreDirectionsThanThereAre() {
    assertThat(Heads.principal(pairs(50, 5), 100)).hasNumberOfRows(3);
  }

  /** Differences of variance 9 along LONG, where three of four are positive, and 1 across. */
  private static EncodedPairs pairs(int n, long seed) {
    Random random = new Random(seed);
    float[][] rows = new float[2 * n][3];
    List<PreferencePair> pairs = new ArrayList<>();
    int[][] index = new int[3][n];
    for (int i = 0; i < n; i++) {
      double along = Math.abs(3 * random.nextGaussian()) * (i % 4 == 0 ? -1 : 1);
      for (int j = 0; j < 3; j++) {
        rows[2 * i][j] = (float) (along * LONG[j] + 0.5 * random.nextGaussian());
      }
      index[1][i] = 2 * i;
      index[2][i] = 2 * i + 1;
      pairs.add(
          new PreferencePair(
              "made", "" + i, null, "", new Prompt("p"), "a" + i, "b" + i, 1, null, null));
    }
    return new EncodedPairs(Encodings.of(rows), pairs, index[0], index[1], index[2]);
  }
}
