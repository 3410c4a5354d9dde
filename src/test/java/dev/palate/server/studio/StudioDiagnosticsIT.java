package dev.palate.server.studio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the page shows of a bundle's diagnostics, and that it says so where there are none. */
@Order(StudioFixture.EARLY)
class StudioDiagnosticsIT extends StudioFixture {

  private static final String ROUTING = "section[aria-label='Routing map'] ";
  private static final String SPECIAL = "section[aria-label='Specialization'] ";

  @Test
  void expertsByDomainAreTablesWithTheNumbersOfTheApi() {
    JsonNode told = palate.get("/model/diagnostics");
    browser.open("experts");
    browser.await(ROUTING + "table");

    assertThat(browser.all(ROUTING + "tbody tr")).hasSize(told.path("domains").size());
    int few = browser.all(ROUTING + "thead th").size();
    browser.click(ROUTING + "button", "All 64");
    assertThat(browser.all(ROUTING + "thead th")).hasSize(65).hasSizeGreaterThan(few);
    browser.click(SPECIAL + "button", "All 64");
    for (int d : List.of(0, told.path("domains").size() - 1)) {
      JsonNode domain = told.path("domains").path(d);
      assertThat(row(ROUTING, d)).isEqualTo(expected(domain, "routing"));
      assertThat(row(SPECIAL, d)).isEqualTo(expected(domain, "accuracy"));
    }
    assertThat(browser.all(SPECIAL + "tfoot td")).hasSize(64);
    assertThat(
            script("return document.querySelector(\"" + ROUTING + "tbody td\").title").toString())
        .startsWith(told.at("/domains/0/name").asString() + ": expert 0, ")
        .endsWith(" % of the routing");
    assertThat(browser.accessibilityViolations()).isEmpty();
    assertThat(script("return document.querySelector(\"" + ROUTING + ".scroll\").tabIndex"))
        .as("reached and scrolled by the keyboard")
        .isEqualTo(0L);
  }

  private List<?> row(String section, int d) {
    return (List<?>)
        script(
            "return [...document.querySelectorAll(\"%stbody tr\")[%d].querySelectorAll('td')].map(c => c.textContent)"
                .formatted(section, d));
  }

  private static List<String> expected(JsonNode domain, String numbers) {
    return domain
        .path(numbers)
        .valueStream()
        .map(share -> Long.toString(Math.round(100 * share.asDouble())))
        .toList();
  }

  @Test
  void learningCurvesAndCalibrationAreDrawnSaidAndListed() {
    JsonNode told = palate.get("/model/diagnostics");
    browser.open("model");
    browser.await("section[aria-label='Learning curves'] svg[role=img]");

    assertThat(browser.text("section[aria-label='Learning curves']")).contains("in the bundle");
    browser.click("section[aria-label='Learning curves'] summary", "All numbers");
    int epochs =
        told.path("learning").valueStream().mapToInt(run -> run.path("epochs").size()).sum();
    assertThat(browser.all("section[aria-label='Learning curves'] tbody tr")).hasSize(epochs);

    String calibration = "section[aria-label='Calibration'] ";
    assertThat(browser.all(calibration + "figure")).hasSize(told.path("calibration").size());
    assertThat(
            script("return document.querySelector(\"" + calibration + "svg\").ariaLabel")
                .toString())
        .startsWith("Calibration on ")
        .contains(" % sure, ")
        .contains(" % right");
    assertThat(browser.accessibilityViolations()).isEmpty();
  }

  @Test
  void aBundleWhoseCurvesWereNotKeptSaysSoAndShowsTheRest() {
    palate.post("/model/activate", Map.of("bundle", "uncurved"));
    try {
      browser.open("model");
      browser.await("section[aria-label='Learning curves'] .none", "Not kept");

      assertThat(browser.all("section[aria-label='Calibration'] figure")).isNotEmpty();
      assertThat(browser.accessibilityViolations()).isEmpty();
    } finally {
      palate.post("/model/rollback", Map.of());
    }
  }

  @Test
  void aBundleWithoutDiagnosticsSaysSoAndHowToGetThem() {
    palate.post("/model/activate", Map.of("bundle", "bare"));
    assertThat(palate.get("/model").path("diagnostics").asBoolean()).isFalse();
    try {
      for (String view : List.of("model", "experts")) {
        browser.open(view);
        browser.await(".none", "holds no diagnostics");
        assertThat(browser.text(".none")).contains("evaluate --write-diagnostics");
        assertThat(browser.accessibilityViolations()).as(view).isEmpty();
      }
      assertThat(browser.await(".map table")).as("what the cards tell").isNotNull();
    } finally {
      palate.post("/model/rollback", Map.of());
    }
  }

  @Test
  void theWarningsOfTheTrainingStandAboveAllElse() {
    browser.open("model");
    browser.await("section[aria-label='Summary']");
    assertThat(browser.all("section[aria-label='Warnings']")).as("the demo's").isEmpty();
    palate.post("/model/activate", Map.of("bundle", "bare"));
    try {
      browser.open("model");
      browser.await("section[aria-label='Warnings']", "2 warnings");

      assertThat(browser.all("section[aria-label='Warnings'] li")).hasSize(2);
      assertThat(browser.text("section[aria-label='Warnings']"))
          .contains(StudioBundles.WARNINGS.getFirst().message());
      assertThat(
              script("return document.querySelector('#main section').getAttribute('aria-label')"))
          .isEqualTo("Warnings");
      assertThat(browser.accessibilityViolations()).isEmpty();
    } finally {
      palate.post("/model/rollback", Map.of());
    }
  }
}
