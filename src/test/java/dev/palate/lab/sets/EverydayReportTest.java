package dev.palate.lab.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The accuracy table on stub scorers. */
class EverydayReportTest {

  private static final EvaluationSet SET =
      new EvaluationSet(
          List.of(
              MadePairs.pair("help", 0, "long answer", "short"),
              MadePairs.pair("help", 1, "same", "same"),
              MadePairs.pair("help", 2, "ok", "longer"),
              MadePairs.pair("help", 3, "ok", "longer"),
              MadePairs.pair("tone", 0, "polite", "rude"),
              MadePairs.pair("facts", 0, "right", "wrong one")));

  @Test
  void aTieCountsHalf() {
    // help: right, tie, wrong, right; tone: wrong; facts: right
    double[] margins = {2, 0, -1, .1, -3, 4};
    EverydayReport report =
        EverydayReport.of(
            SET,
            pairs ->
                pairs.stream().mapToDouble(pair -> margins[SET.pairs().indexOf(pair)]).toArray());
    assertThat(report.kinds())
        .extracting(EverydayReport.Kind::kind, kind -> kind.accuracy().value())
        .containsExactly(tuple("help", .625), tuple("tone", 0.0), tuple("facts", 1.0));
    assertThat(report.macro().accuracy()).isEqualTo(.3125);
    assertThat(report.macro().n()).isEqualTo(5);
    assertThat(report.pairs().accuracy().value()).isEqualTo(.5);
  }

  @Test
  void lengthIsCountedInCharactersAndEqualLengthsAreHalfRight() {
    EverydayReport report = EverydayReport.of(SET, pairs -> new double[pairs.size()]);
    assertThat(report.kinds().getFirst().longer()).isEqualTo(.375);
    assertThat(report.kinds().getFirst().shorter()).isEqualTo(.625);
    assertThat(report.macro().longer()).isEqualTo((.375 + 1) / 2);
    // One character of two UTF-16 units
    assertThat(MadePairs.pair("help", 0, "😀", "a").lengthDifference()).isZero();
  }

  @Test
  void theIntervalIsWilsons() {
    Proportion half = Proportion.of(8, 16);
    assertThat(half.low()).isCloseTo(.280, within(.0005));
    assertThat(half.high()).isCloseTo(.720, within(.0005));
    Proportion all = Proportion.of(16, 16);
    assertThat(all.low()).isCloseTo(.806, within(.0005));
    assertThat(all.high()).isEqualTo(1);
  }

  @Test
  void theTableHasARowForEachKindAndSaysWhatTheMacroLeavesOut() {
    EverydayReport report = EverydayReport.of(SET, pairs -> new double[pairs.size()]);
    assertThat(report.table().lines())
        .hasSize(7)
        .contains("help                  4     0.500  [0.150, 0.850]   0.375    0.625")
        .contains("macro, 2 kinds*       5     0.500                   0.688    0.313")
        .last()
        .isEqualTo("* without facts");
  }
}
