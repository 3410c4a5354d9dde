package dev.palate.lab.cards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.encode.MadePairs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StyleTest {

  private static final String PLAIN = "The tall tree grows beside the river";

  @Test
  void eachMannerIsFoundInATextThatHasItAndNotInAPlainOne() {
    Map<Style, String> texts =
        Map.ofEntries(
            Map.entry(Style.LISTS, "Trees:\n- oak\n- elm\n2. ash"),
            Map.entry(Style.QUESTIONS, "Is it tall? Is it?"),
            Map.entry(Style.EXCLAMATIONS, "So tall!"),
            Map.entry(Style.DIRECT_SPEECH, "She said, “tall.”"),
            Map.entry(Style.FIRST_PERSON, "I like it, and it’s my tree"),
            Map.entry(Style.SECOND_PERSON, "You like it, and it is yours"),
            Map.entry(Style.TOGETHER, "We like it, it is ours"),
            Map.entry(Style.NUMBERS, "It is 12.5 metres tall"),
            Map.entry(Style.HEDGES, "Perhaps it is tall, I think"),
            Map.entry(Style.NEGATIONS, "It isn't tall, not at all"),
            Map.entry(Style.DEMANDS, "They must grow, and should have to"),
            Map.entry(Style.REASONS, "It grows because of rain"),
            Map.entry(Style.POLITENESS, "Please grow, thank you"),
            Map.entry(Style.REFUSALS, "I'm sorry, I can’t say"),
            Map.entry(Style.INFORMAL, "yeah lol, it's gonna grow"));
    texts.forEach((style, text) -> {
      assertThat(style.of(text)).as("%s in: %s", style, text).isPositive();
      assertThat(style.of(PLAIN)).as("%s in the plain text", style).isZero();
    });
  }

  @Test
  void lengthsAreCountedInTheirUnits() {
    assertThat(Style.LENGTH.of(PLAIN)).isEqualTo(PLAIN.length());
    assertThat(Style.SENTENCE_LENGTH.of("One two. Three four five six.")).isEqualTo(3);
    assertThat(Style.WORD_LENGTH.of("a bbb")).isEqualTo(2);
  }

  @Test
  void aLongTextDoesNotHaveMoreOfEverything() {
    String once = "I think it is tall.";
    assertThat(Style.FIRST_PERSON.of(once + " " + once)).isEqualTo(Style.FIRST_PERSON.of(once));
  }

  @Test
  void aWordInsideAnotherIsNotCounted() {
    assertThat(Style.REASONS.of("sincerely enthused")).isZero();
    assertThat(Style.TOGETHER.of("usual course")).isZero();
  }

  @Test
  void aTextWithoutWordsHasAMeasureToo() {
    for (Style style : Style.values()) {
      assertThat(style.of("...")).as(style.name()).isFinite();
    }
  }

  @Test
  void anEffectIsTheShareOfDifferingPairsAndTheMeanInStandardErrors() {
    Random random = new Random(3);
    List<PreferencePair> pairs = new ArrayList<>();
    List<Double> differences = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String chosen = "x".repeat(1 + random.nextInt(9)) + "y";
      String rejected = "x".repeat(1 + random.nextInt(6)) + "z";
      pairs.add(MadePairs.pair(i, "", chosen, rejected));
      differences.add((double) chosen.length() - rejected.length());
    }

    Style.Effect effect = Style.effects(pairs).getFirst();

    double mean = differences.stream().mapToDouble(d -> d).average().orElseThrow();
    double variance =
        differences.stream().mapToDouble(d -> (d - mean) * (d - mean)).average().orElseThrow();
    long more = differences.stream().filter(d -> d > 0).count();
    long differing = differences.stream().filter(d -> d != 0).count();
    assertThat(effect.style()).isEqualTo(Style.LENGTH);
    assertThat(effect.differing()).isEqualTo((int) differing);
    assertThat(effect.share()).isEqualTo((double) more / differing);
    assertThat(effect.z()).isCloseTo(mean / Math.sqrt(variance / 50), within(1e-9));
  }
}
