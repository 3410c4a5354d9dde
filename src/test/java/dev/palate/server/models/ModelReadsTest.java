package dev.palate.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.traits.Fluency;
import dev.palate.core.traits.InteractionFeatures;
import dev.palate.core.traits.PairFeatures;
import dev.palate.server.score.FakeModel;
import dev.palate.server.score.WebTest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code GET /model}: what of a request's texts the experts read. */
class ModelReadsTest extends WebTest {

  @AfterEach
  void forget() {
    model.comparing(null);
  }

  private JsonNode reads() {
    return http.get("/model").json().path("reads");
  }

  @Test
  void aModelThatComparesNoTokensSaysSo() {
    assertThat(reads().path("interaction_layers").isArray()).isTrue();
    assertThat(reads().path("interaction_layers")).isEmpty();
    assertThat(reads().path("prompt_tokens").asInt())
        .isEqualTo(reads().path("response_tokens").asInt())
        .isPositive();
  }

  @Test
  void theLayersAndBothLimitsAreNamed() {
    int f = InteractionFeatures.PER_LAYER;
    model.comparing(
        new PairFeatures(
            InteractionFeatures.names(List.of(2)),
            new float[f],
            new float[f],
            new float[f],
            new float[f],
            new float[FakeModel.EXPERTS][f],
            Fluency.unknown()));

    assertThat(reads().at("/interaction_layers/0").asInt()).isEqualTo(2);
    assertThat(reads().path("interaction_layers")).hasSize(1);
    assertThat(reads().path("response_tokens").asInt() - reads().path("prompt_tokens").asInt())
        .isEqualTo(8);
  }
}
