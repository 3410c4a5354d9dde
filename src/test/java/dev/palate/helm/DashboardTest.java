package dev.palate.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The dashboard as such; that its metrics exist, {@link ServiceSettingsTest} shows. */
class DashboardTest {

  /** A metric's name: Palate's own, or one of the libraries'. */
  private static final Pattern METRIC =
      Pattern.compile("\\b(palate|http|jvm|hikaricp|process|system)_\\w+");

  private final Dashboard dashboard = Dashboard.read();

  DashboardTest() throws IOException {}

  @Test
  void everyMetricIsSelectedByTheChosenJobsAndReplicas() {
    for (JsonNode target : dashboard.targets()) {
      String expression = target.path("expr").asString();
      List<String> named =
          METRIC.matcher(expression).results().map((MatchResult name) -> name.group()).toList();
      assertThat(named).as(expression).isNotEmpty();
      for (String metric : named) {
        assertThat(expression).contains(metric + "{job=~\"$job\",instance=~\"$instance\"");
      }
    }
  }

  @Test
  void noPanelLiesOnAnother() {
    Set<List<Integer>> taken = new HashSet<>();
    for (JsonNode panel : dashboard.json().path("panels")) {
      JsonNode at = panel.path("gridPos");
      for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
        assertThat(x).as("%s is within the width", panel.path("title")).isBetween(0, 23);
        for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
          assertThat(taken.add(List.of(x, y))).as("%s", panel.path("title")).isTrue();
        }
      }
    }
  }

  @Test
  void everyPanelHasATitleAUnitAndTheChosenDataSource() {
    assertThat(dashboard.panels()).hasSizeGreaterThan(20);
    for (JsonNode panel : dashboard.panels()) {
      assertThat(panel.path("title").asString()).isNotBlank();
      assertThat(panel.path("fieldConfig").path("defaults").path("unit").asString())
          .as("%s", panel.path("title"))
          .isNotBlank();
      assertThat(panel.path("datasource").path("uid").asString()).isEqualTo("${datasource}");
    }
  }

  @Test
  void noUserIsEverShown() {
    assertThat(dashboard.targets())
        .allSatisfy(target ->
            assertThat(Dashboard.shown(target)).doesNotContain("user", "user_id", "id_of_user"));
  }
}
