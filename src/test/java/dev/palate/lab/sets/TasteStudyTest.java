package dev.palate.lab.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Made users on made margins, solved by the core. */
class TasteStudyTest {

  private static TasteReport report(int pairs, int draws) {
    return new TasteStudy(MadePairs.taste(pairs), MadePairs.garbage(), draws)
        .of(MadePairs.target(), progress -> {});
  }

  @Test
  void madeUsersLearnTheirTasteFromLabels() {
    TasteReport report = report(45, 3);
    assertThat(report.labels()).isEqualTo(List.of(0, 1, 5, 10, 20));
    assertThat(report.macro().getFirst()).isEqualTo(.5);
    assertThat(report.macro().getLast()).isGreaterThan(.95);
    assertThat(report.worstTrait().getLast()).isGreaterThan(.95);
    assertThat(report.macroWithMistakes().get(2)).isLessThan(at(report.macro(), 2));
    assertThat(report.traits())
        .allSatisfy(trait -> {
          assertThat(trait.pairs()).isEqualTo(45);
          assertThat(trait.heldOut()).isEqualTo(20);
        });
  }

  @Test
  void theSameSeedGivesTheSameFigures() {
    assertThat(report(45, 2)).isEqualTo(report(45, 2));
  }

  @Test
  void moreLabelsThanAPartOfTheSetHasAreNotAvailable() {
    assertThat(report(22, 2).macro()).doesNotContainNull();
    TasteReport report = report(20, 2);
    assertThat(report.traits()).allMatch(trait -> trait.heldOut() == 2);
    assertThat(report.macro().get(3)).isNotNull();
    assertThat(report.macro().getLast()).isNull();
    assertThat(report.worstTrait().getLast()).isNull();
    assertThat(TasteTable.of(report)).contains("    n/a", "n/a: more labels than");
  }

  @Test
  void aTasteThatOverrulesQualityShowsAsPointsLost() {
    TasteReport report = report(45, 2);
    assertThat(report.garbage().accuracy()).containsOnly(1.0);
    assertThat(report.garbage().tastes()).hasSize(4);
    assertThat(report.garbage().worst()).allSatisfy(worst -> assertThat(worst).isZero());

    BundleTarget made = MadePairs.target();
    TasteReport overruled =
        new TasteStudy(MadePairs.taste(45), MadePairs.garbage(), 2)
            .of(new SpoiledTarget(made), progress -> {});
    assertThat(overruled.garbage().worst().getFirst()).isCloseTo(100, within(1e-9));
    assertThat(TasteTable.of(overruled)).contains("largest loss", "100.0");
  }

  @Test
  void falseClaimsAreCountedForUsersWhoFlipCoins() {
    TasteReport report = report(45, 3);
    assertThat(report.coinFlips())
        .extracting(TasteReport.CoinFlips::labels)
        .containsExactly(1, 5, 10, 20);
    assertThat(report.coinFlips())
        .allSatisfy(row -> {
          assertThat(row.users()).isEqualTo(60);
          assertThat(row.expertsSignificant()).isBetween(0.0, 1.0);
          assertThat(row.anySignificant()).isGreaterThanOrEqualTo(row.expertsSignificant());
        });
    assertThat(report.coinFlips().getLast().anySignificant()).isLessThan(.5);
  }

  @Test
  void heldOutPairsAreTheSameForAllNumbersOfLabelsAndNeverLabelled() {
    List<TextPair> pairs = MadePairs.taste(45).group("trait0");
    LabelDraw draw = LabelDraw.of(pairs, 1);
    Set<TextPair> labelled = new HashSet<>();
    draw.labels(0, 20, true, false).forEach(label -> labelled.add(label.pair()));
    assertThat(labelled).hasSize(20).doesNotContainAnyElementsOf(draw.heldOut());
    assertThat(draw.heldOut()).hasSize(20);
    assertThat(draw.order()).containsExactlyInAnyOrderElementsOf(pairs);
    assertThat(LabelDraw.of(pairs, 1)).isEqualTo(draw);
    assertThat(LabelDraw.of(pairs, 2)).isNotEqualTo(draw);
  }

  @Test
  void mistakesTurnSomeLabelsAround() {
    LabelDraw draw = LabelDraw.of(MadePairs.taste(400).group("trait0"), 0);
    assertThat(draw.labels(0, 400, false, false)).noneMatch(SimulatedUser.Label::firstPreferred);
    long wrong =
        draw.labels(0, 400, false, true).stream()
            .filter(SimulatedUser.Label::firstPreferred)
            .count();
    assertThat(wrong / 400.0).isCloseTo(LabelDraw.MISTAKES, within(.05));
  }

  private static double at(List<@Nullable Double> figures, int place) {
    return Objects.requireNonNull(figures.get(place));
  }

  /** Users of this model prefer garbage as soon as they have a taste. */
  private record SpoiledTarget(BundleTarget made) implements ScoringTarget {
    @Override
    public String name() {
      return made.name();
    }

    @Override
    public String version() {
      return made.version();
    }

    @Override
    public int expertCount() {
      return made.expertCount();
    }

    @Override
    public double[] margins(List<TextPair> pairs) {
      return made.margins(pairs);
    }

    @Override
    public SimulatedUser newUser() {
      SimulatedUser user = made.newUser();
      return new SimulatedUser() {
        @Override
        public void learn(List<Label> labels) {
          user.learn(labels);
        }

        @Override
        public int significantExperts() {
          return user.significantExperts();
        }

        @Override
        public double[] margins(List<TextPair> pairs) {
          double[] margins = user.margins(pairs);
          for (int i = 0; i < margins.length; i++) {
            margins[i] = TasteStudy.GARBAGE_KINDS.contains(pairs.get(i).group()) ? -1 : margins[i];
          }
          return margins;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {}
  }
}
