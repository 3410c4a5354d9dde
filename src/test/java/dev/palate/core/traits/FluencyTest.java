package dev.palate.core.traits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FluencyTest {

  @Test
  void ofNoTextsEveryOrderIsAsGoodAsAnother() {
    WordSequence text = WordSequence.of("Any words, in any order.");
    assertThat(Fluency.unknown().wordOrder(text)).isZero();
    assertThat(Fluency.unknown().spelling(text)).isZero();
    assertThat(new Fluency.Counter().fluency())
        .usingRecursiveComparison()
        .isEqualTo(Fluency.unknown());
  }

  /** (n + 20) / (chance + 20), by hand: "the" 100 times, each after a sentence's end. */
  @Test
  void aTableHoldsLogRatiosToChance() {
    Fluency.Counter counter = new Fluency.Counter();
    for (int i = 0; i < 100; i++) {
      counter.add("the.");
    }
    Fluency fluency = counter.fluency();
    // 200 neighbours: sentence-the and the-sentence 100 times each; by chance 100 * 100 / 200 = 50
    double ratio = Math.log(120.0 / 70);
    assertThat((double) fluency.usual()[0]).isCloseTo(ratio, within(1e-6));
    assertThat(fluency.wordOrder(WordSequence.of("the."))).isCloseTo(0, within(1e-6));
    // the-the: by chance 50, never seen
    double worse = (Math.log(20.0 / 70) - ratio) / (3 + 4);
    assertThat(fluency.wordOrder(WordSequence.of("the the."))).isCloseTo(worse, within(1e-6));
  }

  @Test
  void aTextWithoutWordsIsNeitherFluentNorNot() {
    Fluency.Counter counter = new Fluency.Counter();
    counter.add("One two three.");
    assertThat(counter.fluency().wordOrder(WordSequence.of(" \n... "))).isZero();
    assertThat(counter.fluency().spelling(WordSequence.of("12 34"))).isZero();
  }

  @Test
  void tablesOfAnotherSizeOrNotFiniteAreRefusedByName() {
    float[][] letters = new float[Fluency.LETTERS][Fluency.LETTERS];
    assertThatThrownBy(() -> new Fluency(new float[3][3], letters, new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'order'");
    letters[2][3] = Float.NaN;
    assertThatThrownBy(
            () -> new Fluency(new float[Fluency.CLASSES][Fluency.CLASSES], letters, new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'letters'");
  }

  @Test
  void wordsOfScriptsWithoutSpacesAreTheirLetters() {
    assertThat(WordSequence.of("\u6bcf\u5929\u542c\u3002").words())
        .containsExactly("\u6bcf", "\u5929", "\u542c", ".");
    assertThat(WordSequence.of("It\u2019s 5 o'clock, isn't it?").words())
        .containsExactly("it's", "5", "o'clock", ",", "isn't", "it", ".");
  }
}
