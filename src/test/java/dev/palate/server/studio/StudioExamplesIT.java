package dev.palate.server.studio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.ExamplePair;
import dev.palate.core.bundle.ExpertCard;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the cards show of the pairs they name, with and without their texts. */
@Order(StudioFixture.EARLY)
class StudioExamplesIT extends StudioFixture {

  private static final String OPEN = ".card details[open] ";

  /** Of every pair that a card names but the first card's last. */
  static List<ExamplePair> madeTexts(List<ExpertCard> cards) {
    Set<String> ids = new LinkedHashSet<>();
    cards.forEach(card -> ids.addAll(card.examples()));
    ids.remove(cards.getFirst().examples().getLast());
    List<ExamplePair> pairs = new ArrayList<>();
    for (String id : ids) {
      pairs.add(
          ExamplePair.of(
              id,
              pairs.size() == 1 ? "" : "What of " + id + "?\nIn a line of its own.",
              "<img src=x onerror=window.pwned=1> " + "w".repeat(400),
              "Rather not. ".repeat(300)));
    }
    return pairs;
  }

  @Test
  void theSharpestPairsOfACardAreReadAsTheApiTellsThem() {
    palate.post("/model/activate", Map.of("bundle", "texts"));
    try {
      pairsAreReadAsTheApiTellsThem();
      everySchemeAndAPhoneShowThem();
    } finally {
      palate.post("/model/rollback", Map.of());
    }
  }

  private void pairsAreReadAsTheApiTellsThem() {
    JsonNode card = palate.get("/experts/0");
    JsonNode pairs = card.path("example_pairs");
    assertThat(pairs).hasSize(9);
    openPairsOf(card);

    assertThat(browser.all(OPEN + ".pairs > li")).hasSize(9);
    for (int i = 0; i < pairs.size(); i++) {
      JsonNode pair = pairs.path(i);
      String prompt = pair.path("prompt").asString();
      assertThat(shown(i))
          .isEqualTo(
              List.of(
                  "Prompt",
                  prompt.isEmpty() ? "None" : prompt,
                  "Preferred",
                  pair.path("chosen").asString(),
                  "Other response",
                  pair.path("rejected").asString()));
    }
    assertThat(browser.text(OPEN))
        .contains("The bundle keeps no text of 1 more:")
        .contains(card.at("/examples/9").asString());
    assertThat(browser.script("return window.pwned")).as("a text is no markup").isNull();
  }

  private List<?> shown(int pair) {
    return (List<?>)
        script(
            "return [...document.querySelectorAll('%s.pairs > li')[%d].querySelectorAll('dt, dd')].map(e => e.textContent)"
                .formatted(OPEN, pair));
  }

  private void everySchemeAndAPhoneShowThem() {
    assertThat(browser.accessibilityViolations()).isEmpty();
    browser.phone();
    assertThat(browser.scrollsSideways()).as("on a phone").isFalse();
    browser.scheme("dark");
    assertThat(browser.contrastViolations()).as("in the dark").isEmpty();
  }

  @Test
  void whereNoTextsAreKeptTheCardsNameTheIdsAndSayHowToGetThem() {
    JsonNode card = palate.get("/experts/0");
    assertThat(card.path("example_pairs")).isEmpty();
    openPairsOf(card);

    assertThat(browser.text(OPEN))
        .contains("the bundle keeps no texts")
        .contains("train --keep-example-texts")
        .contains("evaluate --write-example-texts");
    assertThat(browser.all(OPEN + "li")).hasSize(card.path("examples").size());
  }

  /** The first match of its name is the card, for its name is unique. */
  private void openPairsOf(JsonNode card) {
    browser.open("experts");
    browser.type("[name=search]", card.path("name").asString());
    browser.await(".cards .card h2", card.path("name").asString());
    int place =
        ((Number)
                script(
                    "return [...document.querySelectorAll('.card h2')].findIndex(h => h.textContent === '%s') + 1"
                        .formatted(card.path("name").asString().replace("'", "\\'"))))
            .intValue();
    browser.click(".card:nth-child(" + place + ") summary", "Sharpest pairs");
    browser.await(OPEN);
  }
}
