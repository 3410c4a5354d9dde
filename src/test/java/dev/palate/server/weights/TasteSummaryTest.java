package dev.palate.server.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.ExpertCard;
import dev.palate.server.score.FakeModel;
import dev.palate.server.weights.ExpertWeightsView.Expert;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TasteSummaryTest {

  private final Bundle bundle =
      new FakeModel()
          .bundle()
          .withExperts(
              List.of(
                  card(0, null, null),
                  card(1, "shorter answers", "longer answers"),
                  card(2, "lists and headings", "prose without lists"),
                  card(3, "formal wording", "casual wording")));

  private static ExpertCard card(int expert, @Nullable String more, @Nullable String less) {
    return new ExpertCard(
        expert, "Expert " + expert, "Described.", 0.25, List.of(), List.of(), null, more, less);
  }

  private static Expert expert(int expert, double shift, double uncertainty, boolean significant) {
    return new Expert(
        expert, "Expert " + expert, "", 0.25 + shift, 0.25, shift, uncertainty, significant);
  }

  @Test
  void aProbableShiftIsALeaningAndASignificantOneIsKnown() {
    TasteSummary summary =
        TasteSummary.of(
            bundle,
            List.of(
                expert(2, -0.9, 0.2, true), expert(1, 0.5, 0.4, false), expert(3, 0.3, 0.4, false)),
            12);
    assertThat(summary.leaning())
        .isEqualTo("So far seems to prefer prose without lists, shorter answers (12 labels)");
    assertThat(summary.known()).isEqualTo("Prefers prose without lists");
  }

  @Test
  void oneLabelIsCountedInTheSingular() {
    TasteSummary summary = TasteSummary.of(bundle, List.of(expert(1, 0.5, 0.4, false)), 1);
    assertThat(summary.leaning()).isEqualTo("So far seems to prefer shorter answers (1 label)");
    assertThat(summary.known()).isNull();
  }

  @Test
  void anExpertWithoutWordsAndAnUncertainOneSayNothing() {
    TasteSummary summary =
        TasteSummary.of(bundle, List.of(expert(0, 3, 0.1, true), expert(3, 0.3, 0.4, false)), 30);
    assertThat(summary.leaning()).isNull();
    assertThat(summary.known()).isNull();
  }

  @Test
  void withoutLabelsThereIsNothingToSay() {
    TasteSummary summary = TasteSummary.of(bundle, List.of(expert(1, 0.5, 0.1, true)), 0);
    assertThat(summary).isEqualTo(new TasteSummary(null, null));
  }
}
