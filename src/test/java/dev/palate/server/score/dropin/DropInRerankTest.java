package dev.palate.server.score.dropin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.model.ScoreResult;
import dev.palate.server.score.Http;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code POST /rerank} as clients of TEI, Cohere, Jina and vLLM send and read it. */
class DropInRerankTest extends DropInTest {

  private static final String QUERY = "What is deep learning?";
  private static final List<String> TEXTS =
      List.of("Deep learning is ...", "Cheese is made of milk.", "It is a field.", "No idea.");
  private static final String TEXTS_JSON = JSON.writeValueAsString(TEXTS);

  @Test
  void aTeiRequestIsAnsweredByABareListBestFirst() {
    JsonNode answer =
        sent(
            "/rerank",
            """
            {"query": "What is deep learning?", "texts": %s, "raw_scores": false,
             "return_text": false, "truncate": true, "truncation_direction": "Right"}
            """
                .formatted(TEXTS_JSON));

    List<Double> rewards = rewards("", QUERY, TEXTS);
    assertThat(answer.isArray()).isTrue();
    assertThat(indices(answer)).isEqualTo(order(rewards));
    for (JsonNode rank : answer) {
      double reward = rewards.get(rank.path("index").asInt());
      assertThat(rank.path("score").asDouble()).isEqualTo(sigmoid(reward)).isBetween(0.0, 1.0);
      assertThat(rank.propertyNames()).containsExactly("index", "score");
    }
  }

  @Test
  void aTeiClientMayHaveRawScoresAndTheTexts() {
    JsonNode answer =
        sent(
            "/rerank",
            "{\"query\": \"%s\", \"texts\": %s, \"raw_scores\": true, \"return_text\": true}"
                .formatted(QUERY, TEXTS_JSON));

    List<Double> rewards = rewards("", QUERY, TEXTS);
    for (JsonNode rank : answer) {
      int index = rank.path("index").asInt();
      assertThat(rank.path("score").asDouble()).isEqualTo(rewards.get(index));
      assertThat(rank.path("text").asString()).isEqualTo(TEXTS.get(index));
    }
  }

  @Test
  void aCohereV2RequestIsAnsweredAsItsClientReadsIt() {
    Http.Answer answer =
        http.post(
            "/v2/rerank",
            """
            {"model": "rerank-v3.5", "query": "%s", "documents": %s, "top_n": 3,
             "max_tokens_per_doc": 4096}
            """
                .formatted(QUERY, TEXTS_JSON));

    List<Double> rewards = rewards("", QUERY, TEXTS);
    JsonNode json = answer.json();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(json.path("id").asString()).isEqualTo(answer.header("X-Request-Id"));
    assertThat(indices(json.path("results"))).isEqualTo(order(rewards).subList(0, 3));
    for (JsonNode result : json.path("results")) {
      assertThat(result.path("relevance_score").asDouble())
          .isEqualTo(sigmoid(rewards.get(result.path("index").asInt())));
      assertThat(result.has("document")).isFalse();
    }
    JsonNode meta = json.path("meta");
    assertThat(meta.path("api_version").path("version").asString()).isEqualTo("2");
    assertThat(meta.path("billed_units").path("search_units").asInt()).isOne();
    assertThat(meta.path("tokens").path("input_tokens").asInt()).isEqualTo(4 + 5 + 4 + 2);
  }

  @Test
  void aCohereV1RequestMayHoldObjectsAndNameTheirField() {
    JsonNode answer =
        sent(
            "/v1/rerank",
            """
            {"model": "rerank-english-v3.0", "query": "%s", "return_documents": true,
             "documents": [{"text": "No idea.", "id": 7}, {"text": "It is a field."}],
             "rank_fields": ["text"], "max_chunks_per_doc": 10}
            """
                .formatted(QUERY));

    assertThat(answer.path("meta").path("api_version").path("version").asString()).isEqualTo("1");
    assertThat(answer.path("results")).hasSize(2);
    for (JsonNode result : answer.path("results")) {
      String text = result.path("index").asInt() == 0 ? "No idea." : "It is a field.";
      assertThat(result.path("document").path("text").asString()).isEqualTo(text);
    }
  }

  @Test
  void aJinaRequestIsAnsweredWithDocumentsAndUsage() {
    JsonNode answer =
        sent(
            "/v1/rerank",
            """
            {"model": "jina-reranker-v2-base-multilingual", "query": "%s", "top_n": 2,
             "documents": %s}
            """
                .formatted(QUERY, TEXTS_JSON));

    assertThat(answer.path("model").asString()).isEqualTo("fake");
    assertThat(answer.path("usage").path("total_tokens").asInt()).isEqualTo(15);
    assertThat(answer.path("usage").path("prompt_tokens").asInt()).isEqualTo(15);
    assertThat(answer.path("results")).hasSize(2);
    for (JsonNode result : answer.path("results")) {
      assertThat(result.path("document").path("text").asString())
          .isEqualTo(TEXTS.get(result.path("index").asInt()));
    }
  }

  @Test
  void aJinaClientMayDoWithoutDocuments() {
    JsonNode answer =
        sent(
            "/v1/rerank",
            "{\"query\": \"q\", \"documents\": %s, \"return_documents\": false}"
                .formatted(TEXTS_JSON));

    assertThat(answer.path("results").path(0).propertyNames())
        .containsExactly("index", "relevance_score");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "4", "99"})
  void aTopNOfNothingOrOfMoreIsAll(String topN) {
    JsonNode answer =
        sent(
            "/rerank",
            "{\"query\": \"q\", \"documents\": %s, \"top_n\": %s}".formatted(TEXTS_JSON, topN));

    assertThat(indices(answer.path("results"))).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void anotherUserHasAnotherRanking() {
    String body = "{\"query\": \"q\", \"texts\": %s%s}";
    List<Integer> nobodys = indices(sent("/rerank", body.formatted(TEXTS_JSON, "")));
    List<Integer> tasters =
        indices(sent("/rerank", body.formatted(TEXTS_JSON, ", \"user\": \"taster\"")));

    assertThat(tasters).isEqualTo(order(rewards(TASTER, "q", TEXTS))).isNotEqualTo(nobodys);
    assertThat(indices(sent("/rerank?user=taster", body.formatted(TEXTS_JSON, ""))))
        .isEqualTo(tasters);
  }

  @Test
  void equalsKeepTheirOrder() {
    JsonNode answer =
        sent("/rerank", "{\"query\": \"q\", \"texts\": [\"same\", \"same\", \"same\"]}");

    assertThat(indices(answer)).containsExactly(0, 1, 2);
  }

  @Test
  void aThousandDocumentsAreOneCallInGroupsOf64() {
    List<String> documents = numbered("document", 1_000);
    int before = model.calls();

    JsonNode answer =
        sent("/v2/rerank", JSON.writeValueAsString(Map.of("query", "q", "documents", documents)));

    assertThat(model.calls()).isEqualTo(before + 1);
    assertThat(groups()).hasSize(16).first().isEqualTo(64);
    assertThat(indices(answer.path("results"))).hasSize(1_000).doesNotHaveDuplicates();
    JsonNode best = answer.path("results").path(0);
    String text = documents.get(best.path("index").asInt());
    assertThat(best.path("relevance_score").asDouble())
        .isEqualTo(sigmoid(rewards("", "q", List.of(text)).getFirst()));
    assertThat(answer.path("meta").path("billed_units").path("search_units").asInt()).isEqualTo(10);
  }

  static Stream<Arguments> badBodies() {
    String many = "\"a\",".repeat(4096) + "\"a\"";
    String deep = "{\"query\": \"q\", \"documents\": [\"a\"], %s}";
    return Stream.of(
        Arguments.of("nothing", "{}", "422 invalid_request query"),
        Arguments.of("no texts", "{\"query\": \"q\"}", "422 invalid_request documents"),
        Arguments.of(
            "both",
            "{\"query\": \"q\", \"texts\": [\"a\"], \"documents\": [\"a\"]}",
            "422 invalid_request documents"),
        Arguments.of("no query", "{\"texts\": [\"a\"]}", "422 invalid_request query"),
        Arguments.of(
            "a query of parts",
            "{\"query\": [\"q\"], \"texts\": [\"a\"]}",
            "422 invalid_request query"),
        Arguments.of("none", "{\"query\": \"q\", \"texts\": []}", "422 invalid_request texts"),
        Arguments.of(
            "too many",
            "{\"query\": \"q\", \"texts\": [%s]}".formatted(many),
            "422 invalid_request texts"),
        Arguments.of(
            "a null",
            "{\"query\": \"q\", \"texts\": [\"a\", null]}",
            "422 invalid_request texts[1]"),
        Arguments.of(
            "an image",
            "{\"query\": \"q\", \"documents\": [\"a\", {\"image\": \"secret\"}]}",
            "422 invalid_request documents[1].text"),
        Arguments.of(
            "a long one",
            "{\"query\": \"q\", \"documents\": [{\"text\": \"%s\"}]}"
                .formatted("x".repeat(100_001)),
            "422 invalid_request documents[0]"),
        Arguments.of(
            "a cut on the left",
            "{\"query\": \"q\", \"texts\": [\"a\"], \"truncation_direction\": \"Left\"}",
            "422 invalid_request truncation_direction"),
        Arguments.of(
            "a text over the limit",
            "{\"query\": \"q\", \"texts\": [\"a\", \"%s\"], \"truncate\": false}"
                .formatted("word ".repeat(21)),
            "422 text_too_long texts[1]"),
        Arguments.of(
            "a query over the limit",
            "{\"query\": \"%s\", \"texts\": [\"a\"], \"truncate\": false}"
                .formatted("word ".repeat(21)),
            "422 text_too_long query"),
        Arguments.of("top -1", deep.formatted("\"top_n\": -1"), "422 invalid_request top_n"),
        Arguments.of("top 1.5", deep.formatted("\"top_n\": 1.5"), "422 invalid_request top_n"),
        Arguments.of(
            "a shorter cut",
            deep.formatted("\"max_tokens_per_doc\": 19"),
            "422 invalid_request max_tokens_per_doc"),
        Arguments.of(
            "another field",
            deep.formatted("\"rank_fields\": [\"title\"]"),
            "422 invalid_request rank_fields"),
        Arguments.of(
            "an odd user", deep.formatted("\"user\": \"a b\""), "422 invalid_request user"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badBodies")
  void aBadBodyIsRefusedWithItsField(String name, String body, String expected) {
    Http.Answer answer = http.post("/rerank", body);

    assertThat(answer.problem()).isEqualTo(expected);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.response().body()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/rerank", "/v1/rerank", "/v2/rerank"})
  void aFullDeviceIs503WithRetryAfter(String path) {
    model.answerNext(new ScoreResult.Overloaded(Duration.ofSeconds(3)));
    Http.Answer answer = http.post(path, "{\"query\": \"q\", \"documents\": [\"a\"]}");

    assertThat(answer.problem()).startsWith("503 overloaded");
    assertThat(answer.header("Retry-After")).isEqualTo("3");
  }

  @Test
  void aPassedDeadlineIs504() {
    model.answerNext(new ScoreResult.DeadlineExceeded());
    assertThat(
            http.post("/rerank", "{\"query\": \"q\", \"texts\": [\"a\"]}", "Prefer", "wait=1")
                .problem())
        .startsWith("504 deadline_exceeded");
  }
}
