package dev.palate.server.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.server.adaptation.ServiceTest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadFeedbackTest extends ServiceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                                        | 422 invalid_request labels
          {"labels": []}                                                            | 422 invalid_request labels
          {"labels": [null]}                                                        | 422 invalid_request labels[0]
          {"labels": [{"prompt": "p", "chosen": "a"}]}                              | 422 invalid_request labels[0].rejected
          {"labels": [{"prompt": "p", "rejected": "a"}]}                            | 422 invalid_request labels[0].chosen
          {"labels": [{"chosen": "b", "rejected": "a"}]}                            | 422 invalid_request labels[0].prompt
          {"labels": [{"prompt": "p", "chosen": "a", "rejected": "a"}]}             | 422 invalid_request labels[0].rejected
          {"labels": [{"prompt": "p", "chosen": "a", "rejected": "b", "strength": 0}]}    | 422 invalid_request labels[0].strength
          {"labels": [{"prompt": "p", "chosen": "a", "rejected": "b", "strength": -1}]}   | 422 invalid_request labels[0].strength
          {"labels": [{"prompt": "p", "chosen": "a", "rejected": "b", "strength": 1.01}]} | 422 invalid_request labels[0].strength
          {"labels": [{"prompt": "p", "chosen": "a", "rejected": "b", "strength": 1e-99}]}| 422 invalid_request labels[0].strength
          {"labels": [{"prompt": "p", "tie": true}]}                                | 422 invalid_request labels[0].responses
          {"labels": [{"prompt": "p", "tie": true, "chosen": "a", "rejected": "b"}]}| 422 invalid_request labels[0].chosen
          {"labels": [{"prompt": "p", "tie": true, "responses": ["a", "b"], "chosen": "a"}]}   | 422 invalid_request labels[0].chosen
          {"labels": [{"prompt": "p", "tie": true, "responses": ["a", "b"], "rejected": "b"}]} | 422 invalid_request labels[0].rejected
          {"labels": [{"prompt": "p", "tie": true, "responses": ["a", "a"]}]}       | 422 invalid_request labels[0].responses[1]
          {"labels": [{"prompt": "p", "tie": true, "responses": ["a", "b", "c"]}]}  | 422 invalid_request labels[0].responses
          {"labels": [{"prompt": "p", "tie": true, "responses": ["a"]}]}            | 422 invalid_request labels[0].responses
          {"labels": [{"prompt": "p", "tie": true, "responses": ["a", null]}]}      | 422 invalid_request labels[0].responses[1]
          {"labels": [{"prompt": "p", "tie": true, "responses": ["a", "b\\u0000"]}]} | 422 invalid_request labels[0].responses[1]
          {"labels": [{"prompt": "p", "tie": true, "responses": ["a", "b"], "strength": 0}]}   | 422 invalid_request labels[0].strength
          {"labels": [{"tie": true, "responses": ["a", "b"]}]}                      | 422 invalid_request labels[0].prompt
          {"labels": [{"prompt": "p", "tie": false, "responses": ["a", "b"]}]}      | 422 invalid_request labels[0].chosen
          {"labels": [{"prompt": "p", "responses": ["a", "b"]}]}                    | 422 invalid_request labels[0].chosen
          {"labels": [{"prompt": "p", "tie": false, "chosen": "a", "rejected": "b", "responses": ["a", "b"]}]} | 422 invalid_request labels[0].responses
          {"labels": [{"id": "", "prompt": "p", "chosen": "a", "rejected": "b"}]}   | 422 invalid_request labels[0].id
          {"labels": [{"id": "a\\u0007", "prompt": "p", "chosen": "a", "rejected": "b"}]} | 422 invalid_request labels[0].id
          {"labels": [{"prompt": "p\\u0000", "chosen": "a", "rejected": "b"}]}      | 422 invalid_request labels[0].prompt
          {"labels": [{"prompt": "p", "chosen": "a\\u0000", "rejected": "b"}]}      | 422 invalid_request labels[0].chosen
          {"labels": [{"prompt": "p", "chosen": "a", "rejected": "\\ud800"}]}       | 422 invalid_request labels[0].rejected
          """)
  void whatIsNotALabelIsRefusedByItsField(String body, String problem) throws Exception {
    Answer answer = send("POST", "/users/" + user + "/feedback", body);

    assertThat(answer.problem()).isEqualTo(problem);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(stored("label")).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "{\"labels\": [{\"prompt\": 7}]}",
    "'{\"labels\": [{\"prompt\": \"p\", \"tie\": true, \"responses\": \"ab\"}]}'",
    "'{\"labels\": [{\"prompt\": \"p\", \"tie\": \"maybe\"}]}'",
    "{\"labels\": 5}",
    "{\"labels\": [{\"colour\": 1}]}",
    "[]",
    "{",
  })
  void whatIsNotTheRightShapeIsRefused(String body) throws Exception {
    Answer answer = send("POST", "/users/" + user + "/feedback", body);

    assertThat(answer.status()).isBetween(400, 422);
    assertThat(answer.json().path("code").isString()).isTrue();
  }

  @Test
  void moreThanFiveHundredLabelsAreRefused() throws Exception {
    Answer answer =
        label(
            IntStream.range(0, 501)
                .mapToObj(i -> one("l" + i, "a", "b"))
                .collect(Collectors.joining(",")));

    assertThat(answer.problem()).isEqualTo("422 invalid_request labels");
  }

  @Test
  void fiveHundredLabelsAreTaken() throws Exception {
    Answer answer =
        label(
            IntStream.range(0, 500)
                .mapToObj(i -> one("l" + i, "a", "b" + i))
                .collect(Collectors.joining(",")));

    assertThat(answer.json().path("accepted").asInt()).isEqualTo(500);
  }

  @Test
  void aTiesTextIsTakenUpToItsLimitAndNotBeyond() throws Exception {
    String tie = "{\"prompt\": \"p\", \"tie\": true, \"responses\": [\"b\", \"%s\"]}";

    assertThat(label(tie.formatted("a".repeat(100_000))).status()).isEqualTo(202);
    assertThat(label(tie.formatted("a".repeat(100_001))).problem())
        .isEqualTo("422 invalid_request labels[0].responses[1]");
  }

  @Test
  void aPreviewRefusesWhatFeedbackRefuses() throws Exception {
    Answer answer =
        send(
            "POST",
            "/users/" + user + "/expert-weights/preview",
            labels("{\"prompt\": \"p\", \"tie\": true, \"responses\": [\"a\", \"a\"]}"));

    assertThat(answer.problem()).isEqualTo("422 invalid_request labels[0].responses[1]");
  }

  @Test
  void aTextIsTakenUpToItsLimitAndNotBeyond() throws Exception {
    assertThat(label(one("l1", "a".repeat(100_000), "b")).status()).isEqualTo(202);
    assertThat(label(one("l2", "a".repeat(100_001), "b")).problem())
        .isEqualTo("422 invalid_request labels[0].chosen");
  }

  @Test
  void everyUnicodeTextButNulComesBackAsItWasSent() throws Exception {
    label(one("l1", "\uD83D\uDE00 \u202E \uFFFF \\u0001", "b"));

    assertThat(get("/users/" + user + "/feedback").json().at("/labels/0/chosen").asString())
        .isEqualTo("\uD83D\uDE00 \u202E \uFFFF \u0001");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,  /users/a%20b/expert-weights",
    "GET,  /users/a%20b/feedback",
    "DELETE, /users/a%20b",
    "GET,  /users/a%20b/expert-weights/history",
  })
  void anOddUserIdIsRefused(String method, String path) throws Exception {
    assertThat(send(method, path, "").problem()).isEqualTo("422 invalid_request user");
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=501, limit",
    "limit=x, limit",
    "after=x, after",
    "after=-1, after"
  })
  void anOddPageIsRefused(String query, String field) throws Exception {
    assertThat(get("/users/" + user + "/feedback?" + query).problem())
        .isEqualTo("422 invalid_request " + field);
    assertThat(get("/users/" + user + "/expert-weights/history?" + query).problem())
        .isEqualTo("422 invalid_request " + field);
  }

  @Test
  void anOddIdempotencyKeyIsRefused() throws Exception {
    assertThat(label(one("l1", "a", "b"), "Idempotency-Key", "k".repeat(256)).problem())
        .isEqualTo("422 invalid_request Idempotency-Key");
  }
}
