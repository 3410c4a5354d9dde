package dev.palate.lab.cards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.lab.cards.CardEvidence.StyleEvidence;
import java.util.List;
import org.junit.jupiter.api.Test;

class CardTextTest {

  private static final StyleEvidence LONGER =
      new StyleEvidence(new Style.Effect(Style.LENGTH, 400, 0.84, 9), 0.6, 400);

  private static final StyleEvidence NO_QUESTIONS =
      new StyleEvidence(new Style.Effect(Style.QUESTIONS, 100, 0.2, -5), 0.5, 400);

  private static final StyleEvidence WEAK =
      new StyleEvidence(new Style.Effect(Style.NUMBERS, 40, 0.61, 4), 0.58, 400);

  @Test
  void aSentenceSaysWhereWhatAndHowMuch() {
    var evidence =
        evidence(0, List.of(LONGER, NO_QUESTIONS), List.of("oak", "elm"), List.of("lamp"));
    assertThat(CardText.sentence(evidence))
        .isEqualTo(
            "For Tea time; Gardens: prefers longer responses (84 % of its sharpest pairs, 60 % of"
                + " all), asking no questions (80 %, 50 %) and words such as 'oak', 'elm'; avoids"
                + " words such as 'lamp'.");
  }

  @Test
  void whatIsNotKnownIsNotSaid() {
    assertThat(CardText.sentence(evidence(0, List.of(), List.of(), List.of("lamp"))))
        .isEqualTo("For Tea time; Gardens: avoids words such as 'lamp'.");
    assertThat(CardText.sentence(evidence(0, List.of(), List.of(), List.of())))
        .isEqualTo("For Tea time; Gardens: no taste that its words or its manner would show.");
  }

  @Test
  void aWeakMannerIsNoName() {
    assertThat(CardText.names(List.of(evidence(0, List.of(WEAK), List.of(), List.of()))))
        .containsExactly("Tea time & Gardens");
  }

  @Test
  void wordsAreTheNameWhereNoMannerIs() {
    var evidence = evidence(0, List.of(), List.of("oak"), List.of("lamp"));
    assertThat(CardText.names(List.of(evidence)))
        .containsExactly("Tea time & Gardens: 'oak' over 'lamp'");
  }

  @Test
  void aTasteIsWorthMoreThanASecondTopic() {
    var evidence =
        new CardEvidence(
            0,
            List.of("Is tea better", "Gardens of the east"),
            List.of(),
            List.of(LONGER),
            List.of(),
            List.of());
    assertThat(CardText.names(List.of(evidence))).containsExactly("Is tea better: longer");
  }

  @Test
  void namesDifferAndAreShort() {
    var one = evidence(0, List.of(LONGER), List.of("oak"), List.of());
    List<String> names =
        CardText.names(
            List.of(
                one,
                evidence(1, List.of(LONGER), List.of("oak"), List.of()),
                evidence(2, List.of(LONGER), List.of("oak"), List.of()),
                new CardEvidence(
                    3, List.of("x".repeat(50)), List.of(), List.of(), List.of(), List.of()),
                new CardEvidence(4, List.of(), List.of(), List.of(), List.of(), List.of())));
    assertThat(names)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.length() < CardText.NAME_LIMIT)
        .startsWith("Tea time & Gardens: longer, 'oak'", "Tea time & Gardens: longer")
        .endsWith("Expert 3", "General");
  }

  private static CardEvidence evidence(
      int expert, List<StyleEvidence> styles, List<String> likes, List<String> dislikes) {
    return new CardEvidence(
        expert,
        List.of("Tea time", "Gardens"),
        List.of("Tea time", "Gardens"),
        styles,
        likes,
        dislikes);
  }
}
