package dev.palate.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The studio in a real Chromium on the real service. Without a browser on this machine all of it is
 * skipped. {@code -Dpalate.studio.screenshots=docs/images} writes the pictures of the documents.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StudioIT {

  private static final String SCREENSHOTS = "palate.studio.screenshots";
  private static final int MOST_BYTES = 300_000;
  private static final String MARKUP =
      "<img src=x onerror=window.pwned=1><script>window.pwned=1</script>";

  @TempDir static Path temp;

  private StudioService palate;
  private Browser browser;

  @BeforeAll
  void start() {
    // Looked for first: without one there is nothing to start the service for
    Optional<Browser> found = Browser.start();
    assumeThat(found)
        .as(
            "Skipped: there is no chromium with chromedriver on this machine (Debian: chromium-driver)")
        .isPresent();
    browser = found.orElseThrow();
    palate = StudioService.start(temp.resolve("data"));
    browser.visits(palate.url());
    palate.teach("alice", 6);
  }

  @AfterAll
  void stop() {
    if (browser != null) {
      browser.close();
    }
    if (palate != null) {
      palate.close();
    }
  }

  @BeforeEach
  void aDesktopInTheLight() {
    browser.desktop();
    browser.scheme("light");
    browser.useKey(palate.key());
  }

  @AfterEach
  void theConsoleIsSilentAndThePolicyRefusedNothing() {
    if (browser != null) {
      assertThat(browser.complaints()).as("console").isEmpty();
      assertThat(browser.refusals()).as("refused by the policy").isEmpty();
    }
  }

  // The walks

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
  void theFirstPairIsTheOneTheModelIsLeastSureOf() {
    browser.open("label?user=unsure");
    browser.click("button", "Start");
    String first = browser.await(".pair-prompt").getText();

    double least = 1;
    String expected = "";
    for (JsonNode pair : JsonMapper.shared().readTree(palate.file("/studio/pairs.json").body())) {
      JsonNode answer =
          palate.post(
              "/score",
              Map.of(
                  "user", "unsure",
                  "prompt", pair.path("prompt").asString(),
                  "responses", List.of(pair.path("a").asString(), pair.path("b").asString())));
      double distance = Math.abs(answer.path("probability").asDouble() - 0.5);
      if (distance < least) {
        least = distance;
        expected = pair.path("prompt").asString();
      }
    }
    assertThat(first).isEqualTo(expected);
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

  // States

  @Test
  void withoutAKeyThePageSaysSoAndTakesOneForThisTabAlone() {
    browser.useKey("");
    browser.open("experts");
    browser.await(".problem", "Authentication is required");

    browser.click(".problem button", "Enter a key");
    browser.type("#key-value", palate.key());
    browser.press(Keys.ENTER);

    browser.await(".cards .card");
    assertThat(browser.script("return Object.keys(localStorage).join()")).isEqualTo("");
    assertThat(browser.script("return document.cookie")).isEqualTo("");
    assertThat(browser.complaints()).allMatch(line -> line.contains("401"));
  }

  @Test
  void aUsedUpQuotaSaysWhenToTryAgain() {
    browser.useKey(palate.exhaustedKey());
    browser.open("experts");

    browser.await(".problem.full", "The quota is used up");
    browser.until(
        "the way on", () -> browser.text(".problem .buttons").matches("Try again( in \\d+ s)?"));
    assertThat(browser.complaints()).allMatch(line -> line.contains("429"));
  }

  @Test
  void aUserWhoNeverLabelledIsShownAtThePrior() {
    browser.open("user?user=nobody-yet");

    browser.await("h2", "No labels yet");
    assertThat(browser.text("section[aria-label=Summary]")).contains("At the prior");
  }

  @Test
  void whatIsNoUserIdIsToldByItsField() {
    browser.open("user");
    browser.type("[name=user]", "not a user");
    browser.click("button[type=submit]");

    browser.await(".problem", "A user id is 1 to 128");
    assertThat(browser.complaints()).allMatch(line -> line.contains("422"));
  }

  @Test
  void markupInATextStaysText() {
    palate.post(
        "/users/markup/feedback",
        Map.of(
            "labels",
            List.of(Map.of("prompt", MARKUP, "chosen", MARKUP + "a", "rejected", MARKUP + "b"))),
        "Prefer",
        "wait=20");
    browser.open("user?user=markup");
    browser.await(".pull", MARKUP);

    browser.go("label");
    browser.click("input[value=own]");
    browser.type("[name=own-prompt]", MARKUP);
    browser.type("[name=own-candidates]", MARKUP + "1\n---\n" + MARKUP + "2");
    browser.click("button", "Start");

    assertThat(browser.await(".pair-prompt").getText()).isEqualTo(MARKUP);
    assertThat(browser.await(".option .text").getText()).startsWith(MARKUP);
    assertThat(browser.all("main img, main script")).isEmpty();
    assertThat(browser.script("return window.pwned === undefined")).isEqualTo(true);
  }

  @Test
  void aChosenSchemeGoesBeforeTheSystemsAndIsKept() {
    browser.scheme("dark");
    browser.open("compare");
    assertThat(paper()).isEqualTo("rgb(20, 23, 26)");
    browser.click("#theme");
    assertThat(paper()).isEqualTo("rgb(251, 251, 250)");
    browser.open("compare");
    assertThat(paper()).isEqualTo("rgb(251, 251, 250)");
    browser.script("localStorage.clear()");
  }

  // Every view

  static final List<String> VIEWS =
      List.of("compare", "label", "user", "user?user=nobody-yet", "experts", "model");

  /** Each view with what it shows when it is used. */
  private void visit(String view) {
    if (view.equals("compare")) {
      browser.open("compare?user=alice");
      browser.click("button", "Fill in an example");
      browser.click("button[type=submit]", "Score");
      browser.await(".verdict:nth-child(2)");
      browser.click(".verdict summary");
    } else if (view.equals("label")) {
      label("viewer");
    } else {
      browser.open(view.equals("user") ? "user?user=alice" : view);
      browser.await("main section, main .cards, main .empty");
      browser.until("all of it", () -> browser.all(".loading").isEmpty());
    }
  }

  private void label(String user) {
    browser.open("label?user=" + user);
    browser.click("button", "Start");
    browser.await(".pair-prompt");
    browser.await(".shifts .row");
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyViewIsAccessibleAndOnAPhoneNotWiderThanIt(String scheme) {
    browser.scheme(scheme);
    for (String view : VIEWS) {
      visit(view);
      assertThat(browser.refusals()).as(view).isEmpty();
      assertThat(
              scheme.equals("light")
                  ? browser.accessibilityViolations()
                  : browser.contrastViolations())
          .as("%s, %s", view, scheme)
          .isEmpty();
      browser.phone();
      assertThat(browser.scrollsSideways()).as("%s, %s, sideways", view, scheme).isFalse();
      browser.desktop();
    }
    browser.open("label");
    assertThat(browser.accessibilityViolations()).as("label's beginning").isEmpty();
    browser.click("#key");
    browser.await("dialog[open]");
    assertThat(browser.accessibilityViolations()).as("the key's dialog").isEmpty();
  }

  @Test
  void thePageIsSmallAndSoonThere() {
    browser.open("compare");
    Object interactive =
        script("return performance.getEntriesByName('palate-interactive')[0]?.startTime");
    label("weigher");
    Set<String> files = new TreeSet<>(Set.of("/"));
    for (String view : VIEWS) {
      browser.go(view);
    }
    for (Object name :
        (List<?>) script("return performance.getEntriesByType('resource').map(r => r.name)")) {
      String path = URI.create(name.toString()).getPath();
      if (path.startsWith("/studio/")) {
        files.add(path);
      }
    }
    long bytes = files.stream().mapToLong(palate::compressedBytes).sum();

    System.out.printf(
        "Studio: interactive after %s ms; %d files weigh %d bytes%n",
        interactive, files.size(), bytes);
    assertThat(((Number) interactive).doubleValue()).isPositive();
    assertThat(files).contains("/studio/app.js", "/studio/studio.css", "/studio/pairs.json");
    assertThat(bytes).isBetween(10_000L, (long) MOST_BYTES);
  }

  @Test
  void theFilesAreOpenAndTheirPolicyIsStrict() {
    for (String path : List.of("/", "/studio/app.js", "/studio/studio.css")) {
      HttpResponse<String> answer = palate.file(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.headers().firstValue("Cache-Control")).as(path).hasValue("no-cache");
      String policy = answer.headers().firstValue("Content-Security-Policy").orElse("");
      assertThat(policy)
          .as(path)
          .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
          .contains("frame-ancestors 'none'", "require-trusted-types-for 'script'")
          .doesNotContain("unsafe", "data:", "http");
    }
    assertThat(palate.file("/studio/../application.yaml").statusCode()).isIn(400, 401, 404);
    assertThat(palate.file("/studio/nothing.js").statusCode()).isEqualTo(404);
    assertThat(palate.file("/model").statusCode()).isEqualTo(401);
  }

  // Pictures

  @Test
  @EnabledIfSystemProperty(named = SCREENSHOTS, matches = ".+")
  void pictures() {
    Path images = Path.of(System.getProperty(SCREENSHOTS));
    palate.teach("ben", 14);
    Stream.of("light", "dark", "phone")
        .forEach(kind -> {
          browser.desktop();
          browser.scheme(kind.equals("dark") ? "dark" : "light");
          if (kind.equals("phone")) {
            browser.phone();
          }
          for (String view : VIEWS) {
            if (!view.equals("label")) {
              visit(view.equals("user") ? "user?user=ben" : view);
            } else {
              label("ben");
              browser.click(".option:nth-child(1)");
              browser.await(".agreement", "label");
              browser.await(".pair-prompt:focus");
            }
            browser.rest();
            browser.script(
                "document.activeElement.blur(); document.querySelectorAll('details').forEach(d => d.open = false)");
            String name = view.replaceAll("\\W.*", view.contains("?") ? "-prior" : "");
            browser.screenshot(
                images.resolve("studio-%s-%s.png".formatted(name, kind)), !name.equals("experts"));
          }
        });
  }

  private Object paper() {
    return script("return getComputedStyle(document.body).backgroundColor");
  }

  private List<?> shiftsShown() {
    return (List<?>)
        script("return [...document.querySelectorAll('.shifts .row')].map(r => r.innerText)");
  }

  /** What a script that returns something returns. */
  private Object script(String script) {
    return Objects.requireNonNull(browser.script(script));
  }

  /** As the page writes numbers. */
  private static String signed(double value) {
    String text = String.format(Locale.ROOT, "%.3f", Math.abs(value));
    return Double.parseDouble(text) == 0 ? text : (value < 0 ? "−" : "+") + text;
  }
}
