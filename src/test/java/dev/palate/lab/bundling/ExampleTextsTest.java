package dev.palate.lab.bundling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.ExamplePair;
import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.model.Prompt;
import dev.palate.lab.data.PreferencePair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleTextsTest {

  @TempDir private Path dir;

  private static ExpertCard card(int expert, String... examples) {
    return new ExpertCard(expert, "n", "d", 0.5, List.of(), List.of(examples));
  }

  private static PreferencePair pair(String dataset, String id, String chosen) {
    return new PreferencePair(
        dataset, id, null, "", new Prompt("Prompt " + id), chosen, "other", 1, null, null);
  }

  @Test
  void theyAreFoundByIdOnceEachInTheOrderOfTheCards() {
    ExampleTexts texts =
        ExampleTexts.of(
            List.of(card(0, "c", "a"), card(1, "a", "lost")),
            List.of(pair("x", "a", "A"), pair("x", "b", "B"), pair("x", "c", "C")));
    assertThat(texts.pairs())
        .containsExactly(
            new ExamplePair("c", "Prompt c", "C", "other"),
            new ExamplePair("a", "Prompt a", "A", "other"));
    assertThat(texts.summary()).isEqualTo("texts of 2 of the 3 pairs that the cards name");
  }

  @Test
  void anIdThatStandsForDifferentTextsIsLeftOutHoweverOftenItCame() {
    ExampleTexts texts =
        ExampleTexts.of(
            List.of(card(0, "a", "b")),
            List.of(
                pair("x", "a", "A"),
                pair("y", "a", "Another"),
                pair("z", "a", "A"),
                pair("x", "b", "B"),
                pair("y", "b", "B")));
    assertThat(texts.pairs()).extracting(ExamplePair::id).containsExactly("b");
    assertThat(texts.summary()).endsWith("; 1 ids stand for different texts and are left out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Before.\nThe cards below hold\nwords and ids of pairs from the data, and no text of it.\nAfter.",
        "The cards below hold words and ids of pairs from the data, and no text of it.",
        "# A card by somebody else"
      })
  void aModelCardThatSaidThereAreNoTextsNoLongerDoes(String card) throws Exception {
    Path file = Files.writeString(dir.resolve("MODEL_CARD.md"), card);
    ModelCard.sayTextsAreKept(dir);
    String told = Files.readString(file);
    assertThat(told).contains("This bundle passes on texts of the data").doesNotContain("no text");
    ModelCard.sayTextsAreKept(dir);
    assertThat(file).as("said once").hasContent(told);
  }

  @Test
  void aBundleWithoutAModelCardGetsNone() {
    ModelCard.sayTextsAreKept(dir);
    assertThat(dir).isEmptyDirectory();
  }
}
