package dev.palate.lab.cards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.bundle.ExpertCard.Fidelity;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.Encodings;
import dev.palate.lab.encode.MadePairs;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CardReaderTest {

  /** Two examples, one along each axis, for two experts. */
  private static final EncodedPairs EXAMPLES = pairs(new float[][] {{1, 0}, {0, 1}});

  private static final CardReader READER =
      CardReader.of(EXAMPLES, List.of(new int[] {0}, new int[] {1}));

  @Test
  void agreementIsTheShareOfPairsOnTheCentroidsSide() {
    float[][] differences = new float[40][];
    float[][] margins = new float[40][];
    for (int i = 0; i < 40; i++) {
      // The expert prefers what is against its examples in each fourth pair
      differences[i] = new float[] {i % 4 == 0 ? -2 : 2, 0.5f};
      margins[i] = new float[] {3, 0};
    }
    Fidelity fidelity = ask(0, differences, margins);
    assertThat(fidelity.agreement()).isEqualTo(0.75);
    assertThat(fidelity.pairs()).isEqualTo(40);
    assertThat(fidelity.recognized()).isEqualTo(0.75);
  }

  @Test
  void whatTheExpertPrefersCountsAndNotWhatTheLabelSays() {
    float[][] differences = new float[30][];
    float[][] margins = new float[30][];
    for (int i = 0; i < 30; i++) {
      int sign = i % 2 == 0 ? 1 : -1;
      differences[i] = new float[] {sign, 0.1f};
      margins[i] = new float[] {sign, 0};
    }
    assertThat(ask(0, differences, margins).agreement()).isEqualTo(1);
  }

  @Test
  void anExpertWhosePairsLieOnAnothersAxisIsNotRecognized() {
    float[][] differences = new float[30][];
    float[][] margins = new float[30][];
    for (int i = 0; i < 30; i++) {
      differences[i] = new float[] {0.5f, 2};
      margins[i] = new float[] {1, 0};
    }
    Fidelity fidelity = ask(0, differences, margins);
    assertThat(fidelity.agreement()).isEqualTo(1);
    assertThat(fidelity.recognized()).isZero();
  }

  @Test
  void tooFewPairsSayNothing() {
    float[][] differences = {{1, 0}};
    float[][] margins = {{1, 0}};
    assertThat(READER.ask(0, pairs(differences), new int[] {0}, margins)).isNull();
  }

  @Test
  void textsOfTheCardAreKnownSoThatNoQuestionHasThem() {
    assertThat(READER.shown(1)).containsExactlyInAnyOrder("chosen 1", "rejected 1");
  }

  @Test
  void theIntervalIsWilsons() {
    // The published worked figures for 8 of 10 and 0 of 10
    assertThat(CardReader.wilson(8, 10)[0]).isCloseTo(0.4902, within(1e-4));
    assertThat(CardReader.wilson(8, 10)[1]).isCloseTo(0.9433, within(1e-4));
    assertThat(CardReader.wilson(0, 10)[0]).isCloseTo(0, within(1e-12));
    assertThat(CardReader.wilson(0, 10)[1]).isCloseTo(0.2775, within(1e-4));
  }

  private static Fidelity ask(int expert, float[][] differences, float[][] margins) {
    int[] all = IntStream.range(0, differences.length).toArray();
    return Objects.requireNonNull(READER.ask(expert, pairs(differences), all, margins));
  }

  /** Pairs whose chosen embedding is the difference and whose rejected one is zero. */
  private static EncodedPairs pairs(float[][] differences) {
    int n = differences.length;
    float[][] rows = new float[n + 1][2];
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      rows[i] = differences[i];
      pairs.add(MadePairs.pair(i, "", "chosen " + i, "rejected " + i));
    }
    int[] zero = IntStream.range(0, n).map(i -> n).toArray();
    return new EncodedPairs(Encodings.of(rows), pairs, zero, IntStream.range(0, n).toArray(), zero);
  }
}
