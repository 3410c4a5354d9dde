package dev.palate.lab.controlled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palate.lab.train.TrainingSettings;
import dev.palate.tier.NeedsEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole study on a small scale: fewer dimensions, so that fewer pairs say as much. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NeedsEngine
class ControlledStudyTest {

  private static final ControlledSettings SMALL =
      new ControlledSettings(
          6,
          16,
          0.1,
          0.5,
          6000,
          500,
          1500,
          0.5,
          List.of(8),
          // A fast router: so few pairs leave a slow one behind its experts
          new TrainingSettings(8, 32, 8, 400, 1e-2, 1e-2, 1, 0.5, 0.05, 1e-4, 1000, 1));

  private final List<String> progress = new ArrayList<>();
  private final ControlledReport report = ControlledStudy.run(SMALL, 1, progress::add);

  @Test
  void ourLossesFindTheGroupsThatNobodyNamed() {
    Results groups = report.experiment("groups");
    assertThat(figure(groups, "our losses", "NMI")).isGreaterThan(0.92);
    assertThat(figure(groups, "our losses", "groups")).isEqualTo(6);
    assertThat(figure(groups, "our losses", "accuracy"))
        .isGreaterThan(figure(groups, "single head", "accuracy") + 0.08);
    assertThat(figure(groups, "our losses", "cost of top-2, points")).isLessThan(0.5);
  }

  @Test
  void groupsThatAreAlikeNeedSparsityAndBalance() {
    Results alike = report.experiment("alike");
    double ours = figure(alike, "our losses", "NMI");
    assertThat(ours).isGreaterThan(0.9);
    assertThat(figure(alike, "dense mixture", "NMI")).isLessThan(ours - 0.1);
    assertThat(figure(alike, "without global balance", "groups")).isLessThan(6);
    assertThat(figure(alike, "without local sparsity", "effective experts")).isGreaterThan(1.5);
  }

  @Test
  void fewLabelsDoNotHurtUsersOfMixedTaste() {
    for (String users : List.of("taste", "taste-alike")) {
      for (Results.Row row : report.experiment(users).rows()) {
        double gained = figure(report.experiment(users), row.name(), "accuracy gained");
        assertThat(gained).as("%s, %s", users, row.name()).isGreaterThan(-0.01);
      }
    }
    assertThat(figure(report.experiment("taste"), "n = 50", "share of the gap")).isGreaterThan(0.1);
    assertThat(figure(report.experiment("taste"), "n = 0", "accuracy gained")).isZero();
  }

  @Test
  void steeringByAnExpertRaisesItsOwnAttribute() {
    Results steering = report.experiment("steering");
    assertThat(figure(steering, "our losses, cosine 0.5", "own is largest")).isEqualTo(6);
    assertThat(report.experiment("matrix-groups").rows()).hasSize(8);
  }

  @Test
  void everyExperimentIsPrintedAndWrittenAsJson() {
    JsonNode json = JsonMapper.shared().valueToTree(report);
    for (Experiment experiment : Experiment.values()) {
      Results results = report.experiment(experiment.id());
      assertThat(report.markdown()).contains("## " + results.title());
    }
    assertThat(json.at("/results/0/rows/2/figures/NMI/mean").asDouble())
        .isEqualTo(figure(report.experiment("groups"), "our losses", "NMI"));
    assertThat(json.at("/goals/0/met").asBoolean()).isTrue();
    assertThat(report.markdown()).contains("| hidden groups: NMI | 0.920 |");
    assertThat(progress).contains("seed 1, groups: our losses");
  }

  @Test
  void theSameSeedGivesTheSameFiguresUpToRounding() {
    GroupExperiment once = new GroupExperiment(SMALL, 0.5, 1);
    assertThat(once.measure(once.train(Losses.ours(SMALL.training()))).get("accuracy"))
        .isCloseTo(figure(report.experiment("groups"), "our losses", "accuracy"), within(0.005));
  }

  @Test
  void settingsThatCannotBeRunAreRefusedByName() {
    assertThatThrownBy(() -> ControlledStudy.run(SMALL, 0, line -> {}))
        .hasMessageContaining("'seeds'");
    TrainingSettings few =
        new TrainingSettings(4, 32, 10, 300, 1e-2, 3e-3, 1, 0.3, 0.05, 1e-4, 1000, 1);
    assertThatThrownBy(
            () -> new ControlledSettings(6, 16, 0.1, 1, 6000, 500, 1500, 0.5, List.of(), few))
        .hasMessageContaining("'training'");
  }

  private static double figure(Results results, String row, String figure) {
    return results.figure(row, figure).mean();
  }
}
