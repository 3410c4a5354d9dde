package dev.palate.lab.cards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.encode.MadePairs;
import dev.palate.lab.encode.PairScores;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SharpPairsTest {

  private static final List<PreferencePair> PAIRS =
      List.of(
          MadePairs.pair(0, "", "a", "b"),
          MadePairs.pair(1, "", "a", "c"),
          MadePairs.pair(2, "", "a", "d"),
          MadePairs.pair(3, "", "e", "f"),
          MadePairs.pair(4, "", "g", "h"));

  private static final SharpPairs SHARP =
      new SharpPairs(
          PAIRS,
          new PairScores(
              new float[][] {{2}, {8}, {4}, {-9}, {5}},
              new float[][] {{1}, {0.5f}, {0.75f}, {1}, {0.1f}}));

  @Test
  void theRoutingWeighsTheMargin() {
    assertThat(SHARP.agreeing(0, 10, 10)).containsExactly(1, 2, 0, 4);
  }

  @Test
  void aTextStandsInNoMorePairsThanAllowed() {
    assertThat(SHARP.agreeing(0, 10, 2)).containsExactly(1, 2, 4);
    assertThat(SHARP.agreeing(0, 10, 1)).containsExactly(1, 4);
  }

  @Test
  void eitherCountsPairsJudgedAgainstTheirLabelToo() {
    assertThat(SHARP.either(0, 2, 10, Set.of())).containsExactly(3, 1);
  }

  @Test
  void pairsWithATextThatIsShutOutAreSkipped() {
    assertThat(SHARP.either(0, 10, 10, Set.of("f", "a"))).containsExactly(4);
  }
}
