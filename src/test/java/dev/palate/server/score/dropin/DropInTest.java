package dev.palate.server.score.dropin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.model.ScoreItem;
import dev.palate.server.score.Http;
import dev.palate.server.score.WebTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the tests of the drop-in forms share: what /score says of the same texts. */
abstract class DropInTest extends WebTest {

  static final JsonMapper JSON = new JsonMapper();

  /** A user to whom other responses are good than to nobody. */
  static final String TASTER = "taster";

  @BeforeEach
  void giveTheTasterATaste() {
    weights.store(TASTER, new float[] {-3, 2, 0, 4}, 1, false);
  }

  JsonNode sent(String path, String body) {
    Http.Answer answer = http.post(path, body);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }

  /** The rewards of one prompt's responses by POST /score. */
  List<Double> rewards(String user, String prompt, List<String> responses) {
    String whose = user.isEmpty() ? "" : "\"user\": \"%s\", ".formatted(user);
    JsonNode answer =
        sent(
            "/score",
            "{%s\"prompt\": %s, \"responses\": %s}"
                .formatted(
                    whose, JSON.writeValueAsString(prompt), JSON.writeValueAsString(responses)));
    return answer.path("responses").valueStream().map(r -> r.path("reward").asDouble()).toList();
  }

  static double sigmoid(double reward) {
    return 1 / (1 + Math.exp(-reward));
  }

  static List<Double> doubles(JsonNode array) {
    return array.valueStream().map(JsonNode::asDouble).toList();
  }

  static List<Integer> indices(JsonNode results) {
    return results.valueStream().map(r -> r.path("index").asInt()).toList();
  }

  /** Indices of the values, the greatest first. */
  static List<Integer> order(List<Double> values) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      order.add(i);
    }
    order.sort((a, b) -> Double.compare(values.get(b), values.get(a)));
    return order;
  }

  /** How many responses each group of the model's last call held. */
  List<Integer> groups() {
    return model.lastItems().stream().map(ScoreItem::responses).map(List::size).toList();
  }

  static List<String> numbered(String word, int count) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(word + " " + i);
    }
    return texts;
  }
}
