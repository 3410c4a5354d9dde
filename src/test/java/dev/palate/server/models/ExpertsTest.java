package dev.palate.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.ExamplePair;
import dev.palate.server.score.FakeModel;
import dev.palate.server.score.WebTest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ExpertsTest extends WebTest {

  @AfterEach
  void forget() {
    model.keeping(List.of());
  }

  @Test
  void aCardTellsHowFarItCanBeBelieved() {
    JsonNode fidelity = http.get("/experts/1").json().path("fidelity");

    assertThat(fidelity.path("agreement").asDouble()).isEqualTo(0.8);
    assertThat(fidelity.path("low").asDouble()).isEqualTo(0.7);
    assertThat(fidelity.path("high").asDouble()).isEqualTo(0.9);
    assertThat(fidelity.path("recognized").asDouble()).isEqualTo(0.3);
    assertThat(fidelity.path("pairs").asInt()).isEqualTo(120);
  }

  @Test
  void allCardsAreListedInTheirOrder() {
    JsonNode experts = http.get("/experts").json().path("experts");

    assertThat(experts).hasSize(FakeModel.EXPERTS);
    for (int k = 0; k < FakeModel.EXPERTS; k++) {
      assertThat(experts.path(k)).isEqualTo(http.get("/experts/" + k).json());
      assertThat(experts.path(k).path("name").asString()).isEqualTo("expert " + k);
    }
  }

  @Test
  void theTextsThatABundleKeepsAreOnTheCardsThatNameThem() {
    model.keeping(List.of(new ExamplePair("pair-1", "Tea?", "Yes, <b>green</b>.", "No.")));

    JsonNode card = http.get("/experts/2").json();

    assertThat(card.path("examples")).hasSize(1);
    JsonNode pair = card.at("/example_pairs/0");
    assertThat(pair.propertyNames()).containsExactly("id", "prompt", "chosen", "rejected");
    assertThat(pair.path("id").asString()).isEqualTo("pair-1");
    assertThat(pair.path("prompt").asString()).isEqualTo("Tea?");
    assertThat(pair.path("chosen").asString()).isEqualTo("Yes, <b>green</b>.");
    assertThat(pair.path("rejected").asString()).isEqualTo("No.");
    assertThat(http.get("/experts").json().at("/experts/2")).isEqualTo(card);
  }

  @Test
  void whereNoTextsAreKeptTheListIsEmptyAndTheIdsStay() {
    JsonNode card = http.get("/experts/0").json();

    assertThat(card.path("example_pairs").isArray()).isTrue();
    assertThat(card.path("example_pairs")).isEmpty();
    assertThat(card.at("/examples/0").asString()).isEqualTo("pair-1");
  }
}
