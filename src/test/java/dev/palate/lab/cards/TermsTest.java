package dev.palate.lab.cards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.lab.data.Spellings;
import dev.palate.lab.data.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TermsTest {

  @Test
  void singularAndPluralAreOneWord() {
    assertThat(Words.stems("A house, two houses; the city's cities. Taxes and a tax!"))
        .containsExactlyInAnyOrder("house", "city", "tax");
    assertThat(Words.stem("news")).isEqualTo("news");
    assertThat(Words.stem("business")).isEqualTo("business");
    assertThat(Words.stem("churches")).isEqualTo("church");
  }

  @Test
  void wordsThatSayNothingAreLeftOut() {
    assertThat(Words.stems("This is what it would be, isn’t it? Long-term plans."))
        .containsExactlyInAnyOrder("long-term", "plan");
  }

  @Test
  void logOddsAgreeWithTheFormulaOfMonroeColaresiAndQuinn() {
    // Background: 3 texts use "oak", 1 "elm", so 4 words of 2 kinds
    Terms terms = Terms.background(List.of("oak", "oaks", "oak", "elm"));
    List<Set<String>> first = new ArrayList<>(times(6, "oak"));
    first.addAll(times(2, "elm"));
    List<Set<String>> second = new ArrayList<>(times(1, "oak"));
    second.addAll(times(9, "elm"));

    List<Terms.Term> found = terms.contrast(first, second, 0);

    double prior = 500 * 3.5 / 5.5;
    double odds =
        Math.log((6 + prior) / (8 + 500 - 6 - prior))
            - Math.log((1 + prior) / (10 + 500 - 1 - prior));
    double z = odds / Math.sqrt(1 / (6 + prior) + 1 / (1 + prior));
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().stem()).isEqualTo("oak");
    assertThat(found.getFirst().z()).isCloseTo(z, within(1e-12));
  }

  @Test
  void aWordThatIsCommonEverywhereNeedsMoreEvidenceThanARareOne() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      texts.add("people");
    }
    for (int i = 0; i < 900; i++) {
      texts.add("willow");
    }
    texts.add("lantern");
    Terms terms = Terms.background(texts);
    List<Set<String>> first = new ArrayList<>(times(10, "people"));
    first.addAll(times(10, "lantern"));
    List<Set<String>> second = new ArrayList<>(times(2, "people"));
    second.addAll(times(2, "lantern"));
    second.addAll(times(16, "willow"));

    assertThat(terms.contrast(first, second, 0).getFirst().stem()).isEqualTo("lantern");
  }

  @Test
  void aWordThatOnlyLongTextsDiluteIsNotAvoided() {
    Terms terms = Terms.background(List.of("oak elm ash lantern"));
    List<Set<String>> brief = new ArrayList<>(times(50, "lantern"));
    List<Set<String>> wordy = new ArrayList<>(times(50, "lantern"));
    List.of("oak", "elm", "ash").forEach(word -> wordy.addAll(times(40, word)));

    assertThat(terms.contrast(brief, wordy, 1)).isEmpty();
  }

  @Test
  void aWordOfFewTextsSaysNothing() {
    Terms terms = Terms.background(List.of("oak"));
    assertThat(terms.contrast(times(4, "oak"), times(50, "elm"), -100)).isEmpty();
  }

  @Test
  void wordsAreSpelledAsTheTextsMostlyDo() {
    Spellings spellings =
        Spellings.of(
            List.of(
                "We know that UBI helps India.",
                "They say UBI helps, and ubi does.",
                "The poor of India like lanterns, many lanterns and a lantern.",
                "Lantern",
                "ALL OF THIS SHOUTING IS NO LANTERN"));
    assertThat(spellings.written("ubi")).isEqualTo("UBI");
    assertThat(spellings.written("india")).isEqualTo("India");
    assertThat(spellings.ofStem("lantern")).isEqualTo("lanterns");
    assertThat(spellings.ofStem("unseen")).isEqualTo("unseen");
  }

  private static List<Set<String>> times(int n, String word) {
    List<Set<String>> texts = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      texts.add(Set.of(word));
    }
    return texts;
  }
}
