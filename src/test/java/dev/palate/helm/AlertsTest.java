package dev.palate.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The alerts as such; that their metrics exist, {@link ServiceSettingsTest} shows. */
class AlertsTest {

  private final Alerts alerts = Alerts.rendered();

  @Test
  void everyAlertSaysWhatIsWrongHowBadAndWhereToRead() {
    assertThat(alerts.alerts()).hasSizeGreaterThanOrEqualTo(12);
    for (Rule alert : alerts.alerts()) {
      assertThat(alert.getLabels().get("severity"))
          .as(alert.getAlert())
          .isIn("critical", "warning");
      assertThat(alert.getAnnotations()).containsKeys("summary", "description");
      assertThat(alert.getAnnotations().get("runbook_url"))
          .isEqualTo("docs/operations.md#" + alert.getAlert().toLowerCase(Locale.ROOT));
      assertThat(alert.getExpr().getStrVal())
          .as("%s speaks of this release alone", alert.getAlert())
          .containsPattern(
              "namespace=\"ns\",(job=\"rel-palate-metrics\"|deployment=\"rel-palate\")");
    }
  }

  @Test
  void everyAlertHasItsSectionInTheDocument() throws IOException {
    List<String> sections =
        Pattern.compile("(?m)^### (Palate\\w+)$")
            .matcher(Files.readString(Path.of("docs/operations.md")))
            .results()
            .map((MatchResult section) -> section.group(1))
            .toList();

    assertThat(sections)
        .containsExactlyInAnyOrderElementsOf(alerts.alerts().stream().map(Rule::getAlert).toList());
  }

  @Test
  void anAlertIsSwitchedOffByItsName() {
    Rendered rendered =
        Chart.rendered(
            Chart.LEAST
                + "metrics: {prometheusRule: {enabled: true, disabled: [PalateHeapFull], kubeStateMetrics: false}}\n");

    assertThat(
            rendered
                .one(io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule.class)
                .getSpec()
                .getGroups())
        .flatExtracting(group -> group.getRules())
        .extracting(rule -> rule.getAlert())
        .contains("PalateDown")
        .doesNotContain("PalateHeapFull", "PalateNotReady");
  }
}
