package dev.palate.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ExpertsTest extends WebTest {

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
}
