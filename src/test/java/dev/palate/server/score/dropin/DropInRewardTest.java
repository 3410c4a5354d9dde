package dev.palate.server.score.dropin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.model.ScoreResult;
import dev.palate.server.score.Http;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** {@code POST /get_reward} as OpenRLHF's client sends and reads it. */
class DropInRewardTest extends DropInTest {

  @Test
  void anOpenRlhfRequestIsAnsweredInItsOrder() {
    JsonNode answer =
        sent(
            "/get_reward",
            """
            {"query": ["Why is the sky blue? Rayleigh.", "Name a prime. Seven.", "Why is the sky blue? Paint."],
             "prompts": ["Why is the sky blue?", "Name a prime.", "Why is the sky blue?"],
             "labels": ["rayleigh", null, {"any": ["thing"]}]}
            """);

    List<Double> sky = rewards("", "Why is the sky blue?", List.of(" Rayleigh.", " Paint."));
    double prime = rewards("", "Name a prime.", List.of(" Seven.")).getFirst();
    assertThat(doubles(answer.path("rewards"))).containsExactly(sky.get(0), prime, sky.get(1));
    assertThat(doubles(answer.path("scores")))
        .containsExactly(sigmoid(sky.get(0)), sigmoid(prime), sigmoid(sky.get(1)));
  }

  @Test
  void extraLogsAreOneFractionPerSequence() {
    Http.Answer answer =
        http.post(
            "/get_reward",
            "{\"query\": [\"p one two\", \"p%s\"], \"prompts\": [\"p\", \"p\"], \"labels\": [\"\", \"\"]}"
                .formatted(" word".repeat(21)));

    // Integers would become a tensor of integers, which has no mean
    assertThat(answer.response().body())
        .contains("\"palate_tokens\":[2.0,21.0]")
        .contains("\"palate_truncated\":[0.0,1.0]");
  }

  static Stream<Arguments> decoded() {
    return Stream.of(
        Arguments.of(
            "ChatML",
            "<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n",
            "<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\nBecause.<|im_end|>",
            "Because."),
        Arguments.of("begin and end", "Why?", "<s> Why? Because.</s>", " Because."),
        Arguments.of(
            "padded on both sides",
            "Why?",
            "<|endoftext|><|endoftext|>Why? Because.<|endoftext|><|endoftext|>",
            " Because."),
        Arguments.of(
            "Llama 3 adds its begin to a prompt that has none",
            "Why?",
            "<|begin_of_text|>Why? Because.<|eot_id|>",
            " Because."),
        Arguments.of(
            "DeepSeek",
            "<\uFF5CUser\uFF5C>Why?<\uFF5CAssistant\uFF5C>",
            "<\uFF5Cbegin\u2581of\u2581sentence\uFF5C><\uFF5CUser\uFF5C>Why?<\uFF5CAssistant\uFF5C>Because.<\uFF5Cend\u2581of\u2581sentence\uFF5C>",
            "Because."),
        Arguments.of(
            "marks inside stay",
            "Why?",
            "Why? See <b>this</b> <|x|> there.",
            " See <b>this</b> <|x|> there."),
        Arguments.of("an empty response", "Why?", "Why?</s>", ""),
        Arguments.of("an empty prompt", "", "<s>Because.</s>", "Because."));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("decoded")
  void theResponseIsWhatFollowsThePromptWithoutTheTokenizersMarks(
      String name, String prompt, String query, String response) {
    JsonNode answer =
        sent(
            "/get_reward",
            JSON.writeValueAsString(
                Map.of(
                    "query", List.of(query),
                    "prompts", List.of(prompt),
                    "labels", List.of(""))));

    assertThat(model.lastItems().getFirst().responses()).containsExactly(response);
    assertThat(model.lastItems().getFirst().prompt().text()).isEqualTo(prompt);
    assertThat(doubles(answer.path("rewards"))).isEqualTo(rewards("", prompt, List.of(response)));
  }

  @Test
  void aRequestWithoutPromptsIsOfResponsesToAnEmptyPrompt() {
    JsonNode answer = sent("/get_reward", "{\"query\": [\"Why? Because.\"]}");

    assertThat(doubles(answer.path("rewards")))
        .isEqualTo(rewards("", "", List.of("Why? Because.")));
  }

  @Test
  void aUserInTheAddressIsGoodWhereTheBodyIsFixed() {
    String body = "{\"query\": [\"p a\"], \"prompts\": [\"p\"], \"labels\": [null]}";

    assertThat(doubles(sent("/get_reward?user=" + TASTER, body).path("rewards")))
        .isEqualTo(rewards(TASTER, "p", List.of(" a")))
        .isNotEqualTo(rewards("", "p", List.of(" a")));
    assertThat(http.post("/get_reward?user=" + TASTER, body).header("X-Weights"))
        .isEqualTo("personal");
    assertThat(http.post("/get_reward", body).header("X-Weights")).isEqualTo("prior");
    assertThat(http.post("/get_reward", body).header("X-Model")).isEqualTo("fake-0123abcd");
  }

  @Test
  void manySamplesOfOnePromptAreOneCallInGroupsOf64() {
    List<String> query = new ArrayList<>();
    List<String> prompts = new ArrayList<>();
    for (int i = 0; i < 65; i++) {
      query.add("p one " + i);
      query.add("q two " + i);
      prompts.add("p");
      prompts.add("q");
    }
    int before = model.calls();

    JsonNode answer =
        sent("/get_reward", JSON.writeValueAsString(Map.of("query", query, "prompts", prompts)));

    assertThat(model.calls()).isEqualTo(before + 1);
    assertThat(groups()).containsExactlyInAnyOrder(64, 64, 1, 1);
    assertThat(answer.path("rewards").get(129).asDouble())
        .isEqualTo(rewards("", "q", List.of(" two 64")).getFirst());
    assertThat(answer.path("rewards").get(2).asDouble())
        .isEqualTo(rewards("", "p", List.of(" one 1")).getFirst());
  }

  static Stream<Arguments> badBodies() {
    String one = "{\"query\": [\"p a\"], \"prompts\": %s}";
    return Stream.of(
        Arguments.of("no query", "{\"prompts\": [\"p\"]}", "422 invalid_request query"),
        Arguments.of("an empty query", "{\"query\": []}", "422 invalid_request query"),
        Arguments.of("a text for a query", "{\"query\": \"p a\"}", "422 invalid_request query"),
        Arguments.of("a null", "{\"query\": [null]}", "422 invalid_request query[0]"),
        Arguments.of(
            "fewer prompts", one.formatted("[\"p\", \"p\"]"), "422 invalid_request prompts"),
        Arguments.of(
            "no such beginning", one.formatted("[\"secret\"]"), "422 invalid_request query[0]"),
        Arguments.of("a null prompt", one.formatted("[null]"), "422 invalid_request prompts[0]"),
        Arguments.of(
            "an odd user",
            "{\"query\": [\"a\"], \"user\": \"../etc\"}",
            "422 invalid_request user"),
        Arguments.of(
            "too many",
            "{\"query\": [%s\"a\"]}".formatted("\"a\",".repeat(4096)),
            "422 invalid_request query"),
        Arguments.of(
            "too long",
            "{\"query\": [\"%s\"]}".formatted("x".repeat(100_001)),
            "422 invalid_request query[0]"),
        Arguments.of(
            "a key twice", "{\"query\": [\"a\"], \"query\": [\"b\"]}", "400 malformed_request -"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badBodies")
  void aBadBodyIsRefusedWithItsField(String name, String body, String expected) {
    Http.Answer answer = http.post("/get_reward", body);

    assertThat(answer.problem()).isEqualTo(expected);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.response().body()).doesNotContain("secret");
  }

  @Test
  void aFullDeviceIs503WithRetryAfter() {
    model.answerNext(new ScoreResult.Overloaded(Duration.ofSeconds(3)));
    Http.Answer answer = http.post("/get_reward", "{\"query\": [\"a\"]}");

    assertThat(answer.problem()).startsWith("503 overloaded");
    assertThat(answer.header("Retry-After")).isEqualTo("3");
  }

  @Test
  void aScoreThatIsNoNumberNamesTheQueries() {
    model.answerNext(new ScoreResult.NotFinite(0));
    assertThat(http.post("/get_reward", "{\"query\": [\"a\"]}").problem())
        .isEqualTo("500 model_output_not_finite query");
  }
}
