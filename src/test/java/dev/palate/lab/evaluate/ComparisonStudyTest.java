package dev.palate.lab.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.palate.lab.data.DataException;
import dev.palate.lab.data.Split;
import dev.palate.lab.judge.MadeData;
import dev.palate.lab.judge.Material;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On users of whom half like and half dislike one of four coordinates. */
class ComparisonStudyTest {

  private static final Bootstrap BOOTSTRAP = new Bootstrap(200, 1);

  private static ComparisonStudy study(ComparisonStudy.Chooser chooser) {
    return new ComparisonStudy(new int[] {1, 2, 5, 15}, 8, BOOTSTRAP, chooser);
  }

  @Test
  void informationGainFindsOutWithFewerLabels() {
    ComparisonReport report =
        study(ComparisonStudy.INFORMATION_GAIN)
            .of(MadeData.material(60, 60, 1), Split.TEST, what -> {});

    for (ComparisonReport.Point point : report.points()) {
      assertThat(point.users()).isEqualTo(12);
      assertThat(point.pool()).isEqualTo(40);
      assertThat(point.gain().value())
          .isCloseTo(point.chosen().value() - point.random().value(), within(1e-12));
      if (point.shown() >= 5) {
        assertThat(point.gain().low()).as("after %d", point.shown()).isPositive();
        assertThat(point.logLossGain().low()).as("after %d", point.shown()).isPositive();
      }
    }
    ComparisonReport.Reached reached = report.reached().getFirst();
    assertThat(reached.byAccuracy().low()).isGreaterThan(10);
    assertThat(reached.byLogLoss().low()).isGreaterThan(10);
  }

  /** The pairs that can be labelled come in the order of the labels at random. */
  @Test
  void whoeverTakesTheFirstLeftTakesThemAtRandom() {
    ComparisonReport report =
        study((material, posterior, pairs) -> 0)
            .of(MadeData.material(40, 30, 2), Split.TEST, what -> {});

    assertThat(report.points()).hasSize(4);
    for (ComparisonReport.Point point : report.points()) {
      assertThat(point.chosen().value()).isCloseTo(point.random().value(), within(1e-12));
      assertThat(point.logLossGain().value()).isCloseTo(0, within(1e-12));
      assertThat(point.random().value()).isGreaterThan(point.unadapted().value());
    }
    assertThat(report.reached().getFirst().byAccuracy().value()).isLessThanOrEqualTo(10);
    assertThat(report.reached().getFirst().byLogLoss().value()).isCloseTo(10, within(1e-9));
  }

  @Test
  void aThirdIsAskedAboutAndCannotBeLabelled() {
    List<Integer> left = Collections.synchronizedList(new ArrayList<>());
    study(
            (material, posterior, pairs) -> {
              left.add(pairs.size());
              return pairs.size() - 1;
            })
        .of(MadeData.material(10, 30, 3), Split.TEST, what -> {});

    assertThat(left).hasSize(2 * 8 * 15).allMatch(size -> size <= 20 && size > 5).contains(20, 6);
  }

  @Test
  void usersWithTooFewPairsAreLeftOutAtThatNumberAlone() {
    ComparisonReport report =
        study(ComparisonStudy.INFORMATION_GAIN)
            .of(MadeData.material(20, 9, 4), Split.TEST, what -> {});

    assertThat(report.points()).extracting(ComparisonReport.Point::shown).containsExactly(1, 2);
    assertThat(report.reached()).isEmpty();
  }

  @Test
  void theSameSeedGivesTheSameFigures() {
    ComparisonReport first =
        study(ComparisonStudy.INFORMATION_GAIN)
            .of(MadeData.material(20, 20, 5), Split.TEST, what -> {});
    ComparisonReport second =
        study(ComparisonStudy.INFORMATION_GAIN)
            .of(MadeData.material(20, 20, 5), Split.TEST, what -> {});
    assertThat(second).isEqualTo(first);
  }

  @Test
  void whereACurveFirstReachesAValue() {
    double[] curve = {0.5, 0.6, 0.55, 0.8};
    assertThat(ComparisonStudy.firstAt(curve, 0.4)).isZero();
    assertThat(ComparisonStudy.firstAt(curve, 0.55)).isCloseTo(0.5, within(1e-12));
    assertThat(ComparisonStudy.firstAt(curve, 0.7)).isCloseTo(2.6, within(1e-12));
    assertThat(ComparisonStudy.firstAt(curve, 0.9)).isEqualTo(3);
  }

  @Test
  void dataWithoutUnseenUsersIsRefused() {
    Material material = MadeData.material(7, 9, 6);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(
            () -> study(ComparisonStudy.INFORMATION_GAIN).of(material, Split.TEST, what -> {}))
        .withMessageContaining("no test line has an unseen user");
  }
}
