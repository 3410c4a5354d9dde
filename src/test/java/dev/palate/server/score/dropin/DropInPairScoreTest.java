package dev.palate.server.score.dropin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.model.ScoreResult;
import dev.palate.server.score.Http;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/score} as vLLM's clients send and read it. */
class DropInPairScoreTest extends DropInTest {

  private static final String FRANCE = "What is the capital of France?";
  private static final List<String> CAPITALS =
      List.of("The capital of Brazil is Brasilia.", "The capital of France is Paris.");

  @Test
  void aVllmRequestOfOneToManyIsAnsweredInOrder() {
    long before = Instant.now().getEpochSecond();
    Http.Answer answer =
        http.post(
            "/v1/score",
            """
            {"model": "BAAI/bge-reranker-v2-m3", "encoding_format": "float",
             "text_1": "%s", "text_2": %s}
            """
                .formatted(FRANCE, JSON.writeValueAsString(CAPITALS)));

    JsonNode json = answer.json();
    List<Double> rewards = rewards("", FRANCE, CAPITALS);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(json.path("id").asString()).isEqualTo("score-" + answer.header("X-Request-Id"));
    assertThat(json.path("object").asString()).isEqualTo("list");
    assertThat(json.path("created").asLong()).isBetween(before, before + 60);
    assertThat(json.path("model").asString()).isEqualTo("fake");
    assertThat(indices(json.path("data"))).containsExactly(0, 1);
    for (int i = 0; i < 2; i++) {
      JsonNode score = json.path("data").path(i);
      assertThat(score.path("object").asString()).isEqualTo("score");
      assertThat(score.path("score").asDouble()).isEqualTo(sigmoid(rewards.get(i)));
    }
    assertThat(json.path("usage").path("prompt_tokens").asInt()).isEqualTo(12);
    assertThat(json.path("usage").path("total_tokens").asInt()).isEqualTo(12);
  }

  @Test
  void oneToOneNeedsNoLists() {
    JsonNode answer = sent("/v1/score", "{\"text_1\": \"p\", \"text_2\": \"a\"}");

    assertThat(scores(answer)).isEqualTo(activated(rewards("", "p", List.of("a"))));
  }

  @Test
  void manyToAsManyArePairs() {
    JsonNode answer =
        sent(
            "/v1/score",
            "{\"text_1\": [\"p\", \"q\", \"p\"], \"text_2\": [\"a\", \"b\", \"c\"], \"truncate_prompt_tokens\": -1}");

    List<Double> p = activated(rewards("", "p", List.of("a", "c")));
    List<Double> q = activated(rewards("", "q", List.of("b")));
    assertThat(scores(answer)).containsExactly(p.get(0), q.get(0), p.get(1));
  }

  @Test
  void theTwoPairsOfOnePromptAreOneGroup() {
    sent("/v1/score", "{\"text_1\": [\"p\", \"q\", \"p\"], \"text_2\": [\"a\", \"b\", \"c\"]}");

    assertThat(groups()).containsExactly(2, 1);
  }

  @ParameterizedTest
  @CsvSource({"text_1,text_2", "queries,documents", "queries,items", "data_1,data_2"})
  void eachOfVllmsNamesIsUnderstood(String first, String second) {
    JsonNode answer =
        sent("/v1/score", JSON.writeValueAsString(Map.of(first, "p", second, List.of("a", "b"))));

    assertThat(scores(answer)).isEqualTo(activated(rewards("", "p", List.of("a", "b"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"use_activation", "activation", "softmax"})
  void withoutActivationScoresAreRawRewards(String flag) {
    JsonNode answer =
        sent(
            "/v1/score",
            "{\"text_1\": \"p\", \"text_2\": [\"a\", \"b\"], \"%s\": false}".formatted(flag));

    assertThat(scores(answer)).isEqualTo(rewards("", "p", List.of("a", "b")));
  }

  @Test
  void aUserHasScoresOfTheirOwn() {
    JsonNode answer =
        sent("/v1/score", "{\"text_1\": \"p\", \"text_2\": \"a\", \"user\": \"taster\"}");

    assertThat(scores(answer))
        .isEqualTo(activated(rewards(TASTER, "p", List.of("a"))))
        .isNotEqualTo(activated(rewards("", "p", List.of("a"))));
  }

  @Test
  void whatVllmAlsoTakesIsIgnored() {
    sent(
        "/v1/score",
        """
        {"model": "m", "text_1": "p", "text_2": "a", "priority": 0, "padding": "do_not_pad",
         "mm_processor_kwargs": {"a": 1}, "cache_salt": "salt", "request_id": "r",
         "truncation_side": "right", "truncate_prompt_tokens": 512}
        """);
  }

  @Test
  void scoreKeepsItsOwnContract() {
    assertThat(http.post("/score", "{\"text_1\": \"p\", \"text_2\": \"a\"}").problem())
        .isEqualTo("422 invalid_request text_1");
  }

  static Stream<Arguments> badBodies() {
    return Stream.of(
        Arguments.of("nothing", "{}", "422 invalid_request text_1"),
        Arguments.of("one side", "{\"text_1\": \"p\"}", "422 invalid_request text_2"),
        Arguments.of("one side of others", "{\"items\": \"p\"}", "422 invalid_request queries"),
        Arguments.of(
            "two to three",
            "{\"text_1\": [\"p\", \"q\"], \"text_2\": [\"a\", \"b\", \"c\"]}",
            "422 invalid_request text_2"),
        Arguments.of(
            "two to one",
            "{\"text_1\": [\"p\", \"q\"], \"text_2\": \"a\"}",
            "422 invalid_request text_2"),
        Arguments.of("none", "{\"text_1\": \"p\", \"text_2\": []}", "422 invalid_request text_2"),
        Arguments.of(
            "a picture",
            "{\"text_1\": \"p\", \"text_2\": {\"content\": [{\"type\": \"image_url\"}]}}",
            "422 invalid_request text_2"),
        Arguments.of(
            "a number",
            "{\"text_1\": \"p\", \"text_2\": [\"a\", 7]}",
            "422 invalid_request text_2[1]"),
        Arguments.of(
            "too many",
            "{\"text_1\": \"p\", \"text_2\": [%s\"a\"]}".formatted("\"a\",".repeat(4096)),
            "422 invalid_request text_2"),
        Arguments.of(
            "a shorter cut",
            "{\"text_1\": \"p\", \"text_2\": \"a\", \"truncate_prompt_tokens\": 19}",
            "422 invalid_request truncate_prompt_tokens"),
        Arguments.of(
            "a cut on the left",
            "{\"text_1\": \"p\", \"text_2\": \"a\", \"truncation_side\": \"left\"}",
            "422 invalid_request truncation_side"),
        Arguments.of(
            "an odd user",
            "{\"text_1\": \"p\", \"text_2\": \"a\", \"user\": \"\"}",
            "422 invalid_request user"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badBodies")
  void aBadBodyIsRefusedWithItsField(String name, String body, String expected) {
    Http.Answer answer = http.post("/v1/score", body);

    assertThat(answer.problem()).isEqualTo(expected);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @Test
  void aFullDeviceIs503WithRetryAfter() {
    model.answerNext(new ScoreResult.Overloaded(Duration.ofSeconds(3)));
    Http.Answer answer = http.post("/v1/score", "{\"text_1\": \"p\", \"text_2\": \"a\"}");

    assertThat(answer.problem()).startsWith("503 overloaded");
    assertThat(answer.header("Retry-After")).isEqualTo("3");
  }

  @Test
  void theRequestsAreMeasuredAsScoresAre() {
    sent("/v1/score", "{\"text_1\": \"p\", \"text_2\": \"a\"}");

    assertThat(http.get("/actuator/prometheus").response().body())
        .contains("palate_score_seconds_count{error=\"none\",kind=\"v1_score\",outcome=\"ok\"}");
  }

  /** One event of a series that begins with it is an increase of nothing, to Prometheus. */
  @Test
  void whatAlertsReadIsThereBeforeItHappensAndIsTheSameSeriesThen() {
    String series =
        "palate_score_seconds_count{error=\"none\",kind=\"v1_score\",outcome=\"encoder_unavailable\"} ";
    assertThat(http.get("/actuator/prometheus").response().body()).contains(series + "0\n");

    model.answerNext(new ScoreResult.Unavailable(Duration.ofSeconds(1)));
    assertThat(http.post("/v1/score", "{\"text_1\": \"p\", \"text_2\": \"a\"}").problem())
        .startsWith("503 encoder_unavailable");

    assertThat(http.get("/actuator/prometheus").response().body())
        .contains(series + "1\n")
        .containsOnlyOnce("kind=\"v1_score\",outcome=\"encoder_unavailable\"} 1\n");
  }

  private static List<Double> scores(JsonNode answer) {
    return answer.path("data").valueStream().map(d -> d.path("score").asDouble()).toList();
  }

  private static List<Double> activated(List<Double> rewards) {
    return rewards.stream().map(DropInTest::sigmoid).toList();
  }
}
