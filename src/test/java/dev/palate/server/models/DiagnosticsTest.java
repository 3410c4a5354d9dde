package dev.palate.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.BundleDiagnostics;
import dev.palate.core.bundle.BundleDiagnostics.Bin;
import dev.palate.core.bundle.BundleDiagnostics.Calibration;
import dev.palate.core.bundle.BundleDiagnostics.Domain;
import dev.palate.core.bundle.BundleDiagnostics.Epoch;
import dev.palate.core.bundle.BundleDiagnostics.LearningCurve;
import dev.palate.core.bundle.BundleWarning;
import dev.palate.server.score.FakeModel;
import dev.palate.server.score.Http;
import dev.palate.server.score.WebTest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DiagnosticsTest extends WebTest {

  private static final BundleDiagnostics MEASURED =
      new BundleDiagnostics(
          List.of(
              new LearningCurve(
                  "fine_tuning",
                  3,
                  true,
                  1,
                  List.of(new Epoch(0, null, 0.6, 0.7), new Epoch(1, 0.5, 0.55, 0.72)))),
          List.of(
              new Calibration("made", "test", 9, 0.1, List.of(new Bin(0.7, 0.75, 1, 0.7, 0.8)))),
          List.of(new Domain("Tea", 20, List.of(0.7, 0.1, 0.1, 0.1), List.of(1.0, 0.5, 0.0, 0.5))),
          List.of());

  @AfterEach
  void forget() {
    model.measured(null);
    model.warning(List.of());
  }

  @Test
  void theWarningsOfTheTrainingAreToldWithTheModel() {
    assertThat(http.get("/model").json().path("warnings").isArray()).isTrue();
    assertThat(http.get("/model").json().path("warnings")).isEmpty();

    model.warning(List.of(new BundleWarning("too_few_raters", "add raters")));

    JsonNode told = http.get("/model").json().path("warnings");
    assertThat(told).hasSize(1);
    assertThat(told.at("/0/code").asString()).isEqualTo("too_few_raters");
    assertThat(told.at("/0/message").asString()).isEqualTo("add raters");
  }

  @Test
  void theBundlesDiagnosticsAreToldWithTheModelTheyAreOf() {
    model.measured(MEASURED);
    assertThat(http.get("/model").json().path("diagnostics").asBoolean()).isTrue();

    JsonNode told = http.get("/model/diagnostics").json();

    assertThat(told.path("model").asString()).isEqualTo("fake");
    assertThat(told.path("model_version").asString()).isEqualTo("0123abcd");
    JsonNode run = told.at("/learning/0");
    assertThat(run.path("stage").asString()).isEqualTo("fine_tuning");
    assertThat(run.path("kept_epoch").asInt()).isEqualTo(1);
    assertThat(run.at("/epochs/0").has("objective")).as("the frozen model's").isFalse();
    assertThat(run.at("/epochs/1/log_loss").asDouble()).isEqualTo(0.55);
    assertThat(told.at("/calibration/0/bins/0/confidence").asDouble()).isEqualTo(0.7);
    assertThat(told.at("/domains/0/routing/0").asDouble()).isEqualTo(0.7);
    assertThat(told.at("/domains/0/accuracy")).hasSize(FakeModel.EXPERTS);
    assertThat(told.path("selectivity").isEmpty()).as("with one domain").isTrue();
  }

  @Test
  void aBundleThatHoldsNoneSaysSoAndWhatToDo() {
    assertThat(http.get("/model").json().path("diagnostics").asBoolean(true)).isFalse();

    Http.Answer answer = http.get("/model/diagnostics");

    assertThat(answer.problem()).isEqualTo("404 not_found -");
    assertThat(answer.json().path("detail").asString())
        .contains("holds no diagnostics")
        .contains("evaluate --write-diagnostics");
  }
}
