package dev.palate.core.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.bundle.ExpertCard.Fidelity;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpertCardTest {

  private static final String OLD =
      """
      [{"expert": 0, "name": "n", "description": "d", "usage": 1.0, "domains": ["a"], "examples": []}]
      """;

  @TempDir Path temp;

  @Test
  void aCardFromBeforeFidelityWasMeasuredStillReads() {
    assertThat(read(OLD))
        .containsExactly(new ExpertCard(0, "n", "d", 1, List.of("a"), List.of(), null));
  }

  @Test
  void aCardReadsBackAsItWasWritten() {
    Bundle bundle = Bundles.read(TestBundles.randomBundle(temp.resolve("one"), 2, 1));
    List<ExpertCard> cards =
        List.of(
            new ExpertCard(0, "a", "b", 0.5, List.of("c"), List.of("d"), null),
            new ExpertCard(
                1, "e", "f", 0.5, List.of(), List.of(), new Fidelity(0.8, 0.7, 0.9, 0.25, 200)));

    Bundle written = Bundles.write(temp.resolve("two"), bundle.withExperts(cards));

    assertThat(written.experts()).isEqualTo(cards);
  }

  @Test
  void aCardWithoutANameIsRefused() {
    assertRefused(OLD.replace("\"name\": \"n\", ", ""), "'name' is missing");
    assertRefused(OLD.replace("[\"a\"]", "null"), "'domains' is missing");
  }

  @Test
  void aFidelityThatIsNotWholeIsRefused() {
    assertRefused(OLD.replace("}", ", \"fidelity\": {\"agreement\": 0.5}}"), "experts.json");
  }

  @Test
  void aFieldThatNoCardHasIsRefused() {
    assertRefused(OLD.replace("}", ", \"colour\": 1}"), "colour");
  }

  private static void assertRefused(String json, String reason) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining(reason);
  }

  private static List<ExpertCard> read(String json) {
    return Bundles.cards(json.getBytes(UTF_8), Path.of("experts.json"));
  }
}
