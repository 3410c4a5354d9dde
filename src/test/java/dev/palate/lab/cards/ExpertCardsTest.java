package dev.palate.lab.cards;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.ExpertCard;
import dev.palate.lab.data.Split;
import dev.palate.lab.encode.MadePairs;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ExpertCardsTest {

  private static final MadePairs MADE = MadePairs.draw(4000, 1);
  private static final List<ExpertCard> CARDS = cards(MADE);

  @Test
  void theExpertThatLikesLongTextsIsSaidToPreferLongerResponses() {
    assertThat(CARDS.get(0).name()).isEqualTo("Tea time: longer");
    assertThat(CARDS.get(0).description())
        .startsWith("For Tea time: prefers longer responses (100 % of its sharpest pairs, ");
  }

  @Test
  void theExpertThatLikesAWordIsNamedAfterIt() {
    assertThat(CARDS.get(1).name()).startsWith("Gardens: ").endsWith("'lantern'");
    assertThat(CARDS.get(1).description()).contains("words such as 'lantern'");
    assertThat(CARDS.get(0).description()).doesNotContain("lantern");
  }

  @Test
  void aTasteThatNothingShowsIsNotMadeUp() {
    assertThat(CARDS.get(2).name()).startsWith("Ships");
    assertThat(CARDS.get(2).description()).doesNotContain("longer", "lantern");
  }

  @Test
  void anExpertUsedNowhereHasNoDomainsNoExamplesAndNoFidelity() {
    assertThat(CARDS.get(3))
        .isEqualTo(
            new ExpertCard(
                3,
                "General",
                "Everywhere: no taste that its words or its manner would show.",
                0,
                List.of(),
                List.of()));
  }

  @Test
  void domainsAreWhereTheRouterUsesTheExpert() {
    assertThat(CARDS.stream().map(ExpertCard::domains))
        .containsExactly(List.of("Tea time"), List.of("Gardens"), List.of("Ships"), List.of());
  }

  @Test
  void examplesForetellTheirExpertAndTellItFromTheOthers() {
    for (ExpertCard card : CARDS.subList(0, 3)) {
      var fidelity = Objects.requireNonNull(card.fidelity());
      assertThat(fidelity.agreement()).as(card.name()).isGreaterThan(0.9);
      assertThat(fidelity.recognized()).as(card.name()).isGreaterThan(0.5);
      assertThat(fidelity.low()).isLessThan(fidelity.agreement());
      assertThat(fidelity.pairs()).isEqualTo(200);
    }
  }

  @Test
  void withoutHeldOutPairsFidelityIsNotClaimed() {
    assertThat(cards(MADE.withoutValidation())).allMatch(card -> card.fidelity() == null);
  }

  @Test
  void examplesAreTrainingPairsThatTheExpertJudgesAsLabelled() {
    for (ExpertCard card : CARDS.subList(0, 3)) {
      assertThat(card.examples()).hasSize(10).doesNotHaveDuplicates();
      for (String id : card.examples()) {
        int i = Integer.parseInt(id.substring(1));
        assertThat(MADE.data().splits().get(i)).isEqualTo(Split.TRAIN);
        assertThat(MADE.scores().margins()[i][card.expert()]).isPositive();
      }
    }
  }

  @Test
  void theSameDataGivesTheSameCards() {
    assertThat(cards(MadePairs.draw(4000, 1))).isEqualTo(CARDS);
  }

  private static List<ExpertCard> cards(MadePairs made) {
    return ExpertCards.of(made.data(), made.pairs(), made.scores(), made.usage());
  }
}
