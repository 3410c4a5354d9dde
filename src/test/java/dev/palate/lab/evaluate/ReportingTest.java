package dev.palate.lab.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.lab.judge.Judge;
import dev.palate.lab.judge.MadeData;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One report with every baseline, on made data. */
@NeedsEngine
class ReportingTest {

  @TempDir private static Path out;
  private static Report report;
  private static JsonNode json;

  @BeforeAll
  static void writeReport() throws IOException {
    Evaluation evaluation =
        new Evaluation(new int[] {0, 3, 10}, new Judge(3, 1), new Bootstrap(200, 1));
    report = new Reporting(evaluation, true, what -> {}).report(MadeData.material(60, 24, 1), true);
    ReportFiles.write(report, out);
    json = JsonMapper.builder().build().readTree(Files.readString(out.resolve("report.json")));
  }

  @Test
  void everyRuleOfTheModelDocumentIsMeasured() {
    assertThat(report.rules())
        .extracting(Report.RuleInfo::name)
        .containsExactly(
            "Palate",
            "single head",
            "dense MoE",
            "MiCRo",
            "random heads + HyRe",
            "PCA heads + HyRe",
            "LoRe",
            "Reward Features",
            "Hedge, global",
            "Hedge, tilted",
            "majority",
            "longer response");
  }

  @Test
  void tenLabelsBringOutATasteThatTheRouterCannotKnow() {
    Section.Point ours = point("Palate", 10);
    assertThat(ours.users()).isEqualTo(12);
    assertThat(ours.gain().low()).isGreaterThan(0.03);
    assertThat(ours.adapted().value())
        .isEqualTo(ours.unadapted().value() + ours.gain().value(), withinRounding());
    assertThat(point("single head", 10).gain().value()).isZero();
  }

  @Test
  void zeroLabelsChangeNothing() {
    assertThat(point("Palate", 0).gain().value()).isZero();
    assertThat(point("Hedge, global", 0).gain().value()).isZero();
  }

  @Test
  void differencesToOurRuleArePairedByUser() {
    Section.Point other = point("LoRe", 3);
    assertThat(other.overPalate().value())
        .isEqualTo(
            other.adapted().value() - point("Palate", 3).adapted().value(), withinRounding());
    assertThat(point("Palate", 3).overPalate()).isEqualTo(new Figure(0, 0.0, 0.0, 12));
  }

  @Test
  void jsonHoldsWhatTheTablePrints() {
    String table = ReportTable.of(report.test());
    int found = 0;
    for (JsonNode point : json.get("test").get("curves")) {
      if (point.get("rule").asString().equals("Palate")) {
        JsonNode adapted = point.get("adapted");
        assertThat(table)
            .contains(
                String.format(
                    Locale.ROOT,
                    "%.3f [%.3f, %.3f]",
                    adapted.get("value").asDouble(),
                    adapted.get("low").asDouble(),
                    adapted.get("high").asDouble()));
        found++;
      }
    }
    assertThat(found).isEqualTo(3);
    assertThat(json.get("format").asString()).isEqualTo("palate-evaluation-1");
  }

  @Test
  void unseenContextsAreASectionOfTheirOwn() {
    JsonNode heldOut = json.get("unseen_contexts");
    assertThat(heldOut.get("contexts").get(0).get("held_out").asInt()).isEqualTo(2);
    assertThat(heldOut.get("section").get("accuracy").size()).isPositive();
  }

  @Test
  void pageLoadsNothingFromAnywhere() throws IOException {
    String page = Files.readString(out.resolve("report.html"));
    assertThat(page)
        .doesNotContainPattern("(?i)(src|href|action)\\s*=\\s*[\"']?\\s*(https?:)?//")
        .doesNotContainPattern("(?i)<link\\b|<iframe\\b|@import|url\\(\\s*[\"']?https?:")
        .doesNotContain("/*REPORT*/", "/*LIBRARY*/", "/*SCRIPT*/", "/*STYLE*/")
        .contains("palate-evaluation-1");
  }

  @Test
  void textOfTheDataCannotEndTheScriptItStandsIn() throws IOException {
    Report.HeatMap map =
        new Report.HeatMap(
            "</script><script>alert(1)",
            "",
            java.util.List.of("a"),
            java.util.List.of("b"),
            new double[][] {{1}});
    Report hostile =
        new Report(
            report.format(),
            report.bundle(),
            report.settings(),
            report.data(),
            report.rules(),
            report.test(),
            null,
            java.util.List.of(map),
            java.util.List.of(),
            java.util.List.of());
    assertThat(ReportFiles.html(hostile)).doesNotContain("<script>alert");
  }

  private static Section.Point point(String rule, int shown) {
    return report.test().curves().stream()
        .filter(point -> point.rule().equals(rule) && point.shown() == shown)
        .findFirst()
        .orElseThrow();
  }

  private static org.assertj.core.data.Offset<Double> withinRounding() {
    return org.assertj.core.data.Offset.offset(1e-12);
  }
}
