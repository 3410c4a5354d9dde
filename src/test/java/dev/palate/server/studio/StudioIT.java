package dev.palate.server.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What people come for: comparing, labelling, a user, the experts, the model; with and without a
 * mouse.
 */
@Order(StudioFixture.EARLY)
class StudioIT extends StudioFixture {

  @TempDir static Path temp;

  @Test
  void comparingShowsWhatTheApiSaysForAnyoneAndForTheUserBesideIt() {
    browser.open("compare?user=alice");
    browser.click("button", "Fill in an example");
    browser.click("button[type=submit]", "Score");
    browser.await(".verdict:nth-child(2)");

    Map<String, Object> asked = new HashMap<>();
    asked.put("prompt", script("return document.querySelector('[name=prompt]').value"));
    asked.put(
        "responses",
        script("return [...document.querySelectorAll('.responses textarea')].map(t => t.value)"));
    for (String who : List.of("Anyone", "alice")) {
      if (who.equals("alice")) {
        asked.put("user", who);
      }
      JsonNode answer = palate.post("/score", asked);
      assertThat(browser.text(".verdict:nth-child(%d)".formatted(who.equals("alice") ? 2 : 1)))
          .startsWith(who)
          .contains(answer.path("preferred").asInt() == 0 ? "A is better" : "B is better")
          .contains(signed(answer.at("/responses/0/reward").asDouble()))
          .contains(signed(answer.at("/responses/1/reward").asDouble()))
          .contains("A: %d tokens, whole".formatted(answer.at("/responses/0/tokens").asInt()))
          .contains(answer.at("/routing/0/name").asString());
    }
    assertThat(browser.all(".verdict:nth-child(2) .chart rect.for")).isNotEmpty();
    assertThat(browser.text(".verdict:nth-child(2)")).contains("by this user’s weights");
  }

  @Test
  void moreThanTwoResponsesAreComparedTwoAtATime() {
    browser.open("compare");
    browser.type("[name=prompt]", "How do tides work?");
    browser.click("button", "Add a response");
    for (int i = 0; i < 3; i++) {
      browser.type("[name=response-" + i + "]", "The moon pulls the sea. ".repeat(i + 1));
    }
    browser.click("button[type=submit]", "Score");

    browser.await(".verdict h3", "Why ");
    assertThat(browser.all(".choices select")).hasSize(2);
    assertThat(browser.text(".verdict")).contains("C: ");
  }

  @Test
  void labellingMovesTheWeightsAndUndoTakesItBack() {
    browser.open("label?user=pointer");
    browser.click("button", "Start");
    browser.await("section", "No labels yet: this user stands at the prior");
    String prompt = browser.await(".pair-prompt").getText();
    String chosen = browser.await(".option:nth-child(1) .text").getText();
    List<?> before = shiftsShown();

    browser.click(".option:nth-child(1)");

    browser.await(".agreement", "of 1 label");
    JsonNode label = palate.labels("pointer").path(0);
    assertThat(label.path("prompt").asString()).isEqualTo(prompt);
    assertThat(label.path("chosen").asString()).isEqualTo(chosen);
    browser.until("a moved weight", () -> !shiftsShown().equals(before));
    assertThat(browser.await(".progress").getText()).contains("Pair 2 of");

    browser.click("button", "Undo");

    browser.await(".agreement", "No labels yet");
    assertThat(palate.labels("pointer")).isEmpty();
    assertThat(browser.await(".pair-prompt")).isNotNull();
  }

  @Test
  void theFirstPairIsTheOneWhoseLabelTeachesMost() {
    browser.open("label?user=alice");
    browser.click("button", "Start");
    String first = browser.await(".pair-prompt").getText();

    List<Map<String, Object>> pairs = new ArrayList<>();
    for (JsonNode pair : JsonMapper.shared().readTree(palate.file("/studio/pairs.json").body())) {
      pairs.add(
          Map.of(
              "prompt", pair.path("prompt").asString(),
              "responses", List.of(pair.path("a").asString(), pair.path("b").asString())));
    }
    JsonNode answer = palate.post("/users/alice/comparisons/preview", Map.of("comparisons", pairs));
    assertThat(first).isEqualTo(answer.at("/comparisons/0/prompt").asString());
  }

  @Test
  void labellingNeedsNoMouse() {
    browser.open("compare");
    browser.tabTo("nav a[href='#/label']");
    browser.press(Keys.ENTER);
    browser.await("main[data-view=label] [name=user]");
    browser.tabTo("[name=user]");
    browser.press("keys", Keys.TAB);
    browser.tabTo("button[type=submit]");
    browser.press(Keys.ENTER);
    browser.await(".pair-prompt:focus");

    browser.press(Keys.ARROW_LEFT);
    browser.await(".agreement", "of 1 label");
    browser.await(".pair-prompt:focus");
    browser.press(Keys.ARROW_RIGHT);
    browser.await(".agreement", "of 2 labels");
    browser.await(".pair-prompt:focus");
    browser.press("s");
    browser.await(".note", "Skipped");
    browser.press("u");
    browser.await(".agreement", "of 1 label");

    await().until(() -> palate.labels("keys").size() == 1);
  }

  @Test
  void comparingNeedsNoMouse() {
    browser.open("compare");
    browser.tabTo("[name=prompt]");
    browser.press("How do tides work?", Keys.TAB, "The moon.", Keys.TAB, "Magic!");
    browser.tabTo("button[type=submit]");
    browser.press(Keys.ENTER);

    browser.await(".verdict", "is better");
  }

  @Test
  void aUsersPageShowsWeightsHistoryAndWhatPulled() {
    browser.open("user?user=alice");
    browser.await("section[aria-label=Influence] .pull");

    JsonNode weights = palate.get("/users/alice/expert-weights");
    JsonNode influence = palate.get("/users/alice/influence?limit=5");
    assertThat(browser.text("section[aria-label=Summary]"))
        .contains("Up to date")
        .contains(Integer.toString(weights.path("labels").asInt()));
    assertThat(browser.all("section[aria-label=Weights] .row")).hasSize(12);
    browser.click("section[aria-label=Weights] button", "All 64");
    assertThat(browser.all("section[aria-label=Weights] .row")).hasSize(64);
    assertThat(browser.text("section[aria-label=History]")).contains("version 6, 6 labels");
    Object expert =
        script(
            "return Number(document.querySelector('section[aria-label=Influence] select').value)");
    JsonNode strongest =
        influence
            .path("experts")
            .valueStream()
            .filter(e -> e.path("expert").asInt() == ((Number) expert).intValue())
            .findFirst()
            .orElseThrow()
            .at("/labels/0/pull");
    assertThat(browser.text(".pull b")).isEqualTo(signed(strongest.asDouble()));
  }

  @Test
  void anExportIsAFileAndAnErasureAsksFirst() throws Exception {
    palate.teach("leaving", 2);
    Path downloads = Files.createDirectories(temp.resolve("downloads"));
    browser.downloadsTo(downloads);
    browser.open("user?user=leaving");

    browser.click("button", "Export");
    Path file = downloads.resolve("leaving.json");
    await().until(() -> Files.exists(file) && Files.size(file) > 0);
    assertThat(JsonMapper.shared().readTree(Files.readString(file)).path("user").asString())
        .isEqualTo("leaving");

    browser.click("button.danger", "Erase");
    browser.click("dialog[open] button", "Cancel");
    assertThat(palate.labels("leaving")).hasSize(2);
    browser.click("button.danger", "Erase");
    browser.click("dialog[open] button", "Erase leaving");

    browser.await("h2", "No labels yet");
    assertThat(palate.labels("leaving")).isEmpty();
  }

  @Test
  void expertsAreFoundByTheWordsOfTheirCards() {
    browser.open("experts");
    browser.await(".cards .card");
    assertThat(browser.all(".cards .card")).hasSize(64);

    JsonNode card = palate.get("/experts/5");
    browser.type("[name=search]", card.path("name").asString());

    assertThat(browser.text(".cards")).contains(card.path("description").asString());
    assertThat(browser.all(".cards .card").size()).isLessThan(64);
    browser.type("[name=search]", "nowhere to be found");
    browser.await("h2", "Nothing found");
  }

  @Test
  void theModelsPageShowsWhatServesAndAnotherBundleIsRefusedWithItsReason() {
    browser.open("model");
    JsonNode model = palate.get("/model");
    assertThat(browser.await("section[aria-label=Summary]").getText())
        .contains(model.path("model_version").asString());
    assertThat(browser.text("section[aria-label='Quality on test data']")).contains("ukpconvarg1");

    browser.click("section[aria-label=Administration] button", "Show");
    browser.type("[name=bundle]", "nowhere");
    browser.click("section[aria-label=Administration] button", "Activate");
    browser.click("dialog[open] button", "Activate");

    browser.await(".problem", "is not among the bundles");
    assertThat(browser.complaints()).as("the browser's own note").hasSize(1);
  }

  private List<?> shiftsShown() {
    return (List<?>)
        script("return [...document.querySelectorAll('.shifts .row')].map(r => r.innerText)");
  }

  /** As the page writes numbers. */
  private static String signed(double value) {
    String text = String.format(Locale.ROOT, "%.3f", Math.abs(value));
    return Double.parseDouble(text) == 0 ? text : (value < 0 ? "−" : "+") + text;
  }
}
