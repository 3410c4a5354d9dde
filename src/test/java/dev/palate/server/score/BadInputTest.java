package dev.palate.server.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent, the answer is a problem that names the fault and quotes no text. */
class BadInputTest extends WebTest {

  private static final String GOOD = "{\"prompt\":\"p\",\"responses\":[\"a\",\"b\"]}";

  static Stream<Arguments> badBodies() {
    String deep = "[".repeat(10_000) + "]".repeat(10_000);
    String long100k = "x".repeat(100_001);
    String many = "\"a\",".repeat(9_999) + "\"a\"";
    return Stream.of(
        Arguments.of("nothing", "", "400 malformed_request -"),
        Arguments.of("null", "null", "400 malformed_request -"),
        Arguments.of("not JSON", "secret", "400 malformed_request -"),
        Arguments.of("cut off", "{\"prompt\":\"secret", "400 malformed_request -"),
        Arguments.of("two documents", GOOD + GOOD, "400 malformed_request -"),
        Arguments.of("NaN", "{\"prompt\":NaN,\"responses\":[\"a\"]}", "400 malformed_request -"),
        Arguments.of(
            "duplicate key",
            "{\"prompt\":\"p\",\"prompt\":\"q\",\"responses\":[\"a\"]}",
            "400 malformed_request -"),
        Arguments.of(
            "duplicate key in a message",
            "{\"prompt\":[{\"role\":\"user\",\"role\":\"user\",\"content\":\"x\"}],\"responses\":[\"a\"]}",
            "400 malformed_request -"),
        Arguments.of(
            "10,000 deep",
            "{\"prompt\":" + deep + ",\"responses\":[\"a\"]}",
            "400 malformed_request -"),
        Arguments.of("an array", "[]", "422 invalid_request "),
        Arguments.of("empty object", "{}", "422 invalid_request prompt"),
        Arguments.of(
            "unknown property",
            "{\"prompt\":\"p\",\"responses\":[\"a\"],\"colour\":1}",
            "422 invalid_request colour"),
        Arguments.of(
            "prompt a number",
            "{\"prompt\":1e400,\"responses\":[\"a\"]}",
            "422 invalid_request prompt"),
        Arguments.of(
            "prompt null", "{\"prompt\":null,\"responses\":[\"a\"]}", "422 invalid_request prompt"),
        Arguments.of(
            "no messages", "{\"prompt\":[],\"responses\":[\"a\"]}", "422 invalid_request prompt"),
        Arguments.of(
            "a message without content",
            "{\"prompt\":[{\"role\":\"user\"}],\"responses\":[\"a\"]}",
            "422 invalid_request prompt[0].content"),
        Arguments.of(
            "a message with more",
            "{\"prompt\":[{\"role\":\"user\",\"content\":\"x\",\"name\":\"y\"}],\"responses\":[\"a\"]}",
            "422 invalid_request prompt[0]"),
        Arguments.of(
            "a role without a letter",
            "{\"prompt\":[{\"role\":\"\",\"content\":\"x\"}],\"responses\":[\"a\"]}",
            "422 invalid_request prompt[0].role"),
        Arguments.of(
            "a long role",
            "{\"prompt\":[{\"role\":\"%s\",\"content\":\"x\"}],\"responses\":[\"a\"]}"
                .formatted("r".repeat(65)),
            "422 invalid_request prompt[0].role"),
        Arguments.of(
            "a long prompt",
            "{\"prompt\":\"%s\",\"responses\":[\"a\"]}".formatted(long100k),
            "422 invalid_request prompt"),
        Arguments.of(
            "a long response",
            "{\"prompt\":\"p\",\"responses\":[\"a\",\"%s\"]}".formatted(long100k),
            "422 invalid_request responses[1]"),
        Arguments.of(
            "no responses", "{\"prompt\":\"p\",\"responses\":[]}", "422 invalid_request responses"),
        Arguments.of(
            "10,000 responses",
            "{\"prompt\":\"p\",\"responses\":[%s]}".formatted(many),
            "422 invalid_request responses"),
        Arguments.of(
            "one response not in an array",
            "{\"prompt\":\"p\",\"responses\":\"a\"}",
            "422 invalid_request responses"),
        Arguments.of(
            "a null response",
            "{\"prompt\":\"p\",\"responses\":[\"a\",null]}",
            "422 invalid_request responses[1]"),
        Arguments.of(
            "a number for a response",
            "{\"prompt\":\"p\",\"responses\":[1]}",
            "422 invalid_request responses[0]"),
        Arguments.of(
            "a word for a boolean",
            "{\"prompt\":\"p\",\"responses\":[\"a\"],\"explain\":\"true\"}",
            "422 invalid_request explain"),
        Arguments.of(
            "a number for a boolean",
            "{\"prompt\":\"p\",\"responses\":[\"a\"],\"truncate\":1}",
            "422 invalid_request truncate"),
        Arguments.of(
            "a number for a user",
            "{\"prompt\":\"p\",\"responses\":[\"a\"],\"user\":7}",
            "422 invalid_request user"),
        Arguments.of(
            "an odd user",
            "{\"prompt\":\"p\",\"responses\":[\"a\"],\"user\":\"../etc\"}",
            "422 invalid_request user"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badBodies")
  void aBadBodyIsRefusedWithItsCodeAndField(String name, String body, String expected) {
    assertThat(http.post("/score", body).problem()).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badBodies")
  void aBadBodyIsAnsweredByProblemJson(String name, String body, String expected) {
    assertThat(http.post("/score", body).header("Content-Type"))
        .isEqualTo("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "{\"prompt\":\"secret", "{\"prompt\":{\"secret\":1}}"})
  void aProblemQuotesNoText(String body) {
    assertThat(http.post("/score", body).response().body()).doesNotContain("secret");
  }

  @Test
  void aProblemHasAStableType() {
    assertThat(http.post("/score", "{}").json().path("type").asString())
        .isEqualTo("urn:palate:problem:invalid_request");
  }

  @Test
  void everyInvalidFieldIsNamed() {
    assertThat(http.post("/score", "{}").json().path("errors").size()).isEqualTo(2);
  }

  @Test
  void aFaultInABatchIsNamedWithItsItem() {
    String body =
        "{\"items\":[%s,{\"prompt\":[{\"role\":1,\"content\":\"\"}],\"responses\":[\"a\"]}]}"
            .formatted(GOOD);
    assertThat(http.post("/score/batch", body).problem())
        .isEqualTo("422 invalid_request items[1].prompt[0].role");
  }

  @Test
  void aMissingFieldInABatchIsNamedWithItsItem() {
    String body = "{\"items\":[%s,{\"prompt\":\"p\"}]}".formatted(GOOD);
    assertThat(http.post("/score/batch", body).problem())
        .isEqualTo("422 invalid_request items[1].responses");
  }

  @Test
  void anOddUserInABatchIsNamedWithItsItem() {
    String body = "{\"items\":[{\"prompt\":\"p\",\"responses\":[\"a\"],\"user\":\"a b\"}]}";
    assertThat(http.post("/score/batch", body).problem())
        .isEqualTo("422 invalid_request items[0].user");
  }

  @Test
  void aBatchOf257IsRefused() {
    String body = "{\"items\":[%s]}".formatted((GOOD + ",").repeat(256) + GOOD);
    assertThat(http.post("/score/batch", body).problem()).isEqualTo("422 invalid_request items");
  }

  @Test
  void fiveMegabytesAreRefused() {
    String body = "{\"prompt\":\"%s\"}".formatted("x".repeat(5_000_000));
    assertThat(http.post("/score", body).problem()).isEqualTo("413 payload_too_large -");
  }

  @Test
  void fiveMegabytesOfUndeclaredLengthAreRefused() {
    byte[] body =
        "{\"prompt\":\"%s\"}".formatted("x".repeat(5_000_000)).getBytes(StandardCharsets.UTF_8);
    assertThat(
            http.send(
                    http.request("/score")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))))
                .problem())
        .isEqualTo("413 payload_too_large -");
  }

  @Test
  void aCompressedBodyIsRefused() {
    assertThat(http.post("/score", GOOD, "Content-Encoding", "gzip").problem())
        .isEqualTo("415 unsupported_media_type -");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/plain", "application/x-www-form-urlencoded", "application/xml", "x"})
  void anotherContentTypeIsRefused(String type) {
    assertThat(http.post("/score", GOOD, "Content-Type", type).problem())
        .isEqualTo("415 unsupported_media_type -");
  }

  @Test
  void anotherAcceptIsRefused() {
    assertThat(http.post("/score", GOOD, "Accept", "text/html").problem())
        .isEqualTo("406 not_acceptable -");
  }

  @Test
  void anotherMethodIsRefused() {
    assertThat(http.get("/score").problem()).isEqualTo("405 method_not_allowed -");
  }

  @Test
  void anotherMethodIsToldWhichIsAllowed() {
    assertThat(http.get("/score").header("Allow")).isEqualTo("POST");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/nothing",
        "/error",
        "/score/",
        "/experts/99",
        "/experts/-1",
        "/experts/x",
        "/actuator/env",
        "/actuator/heapdump",
        "/users/../score",
        "/favicon.ico"
      })
  void anUnknownPathIsNotFound(String path) {
    assertThat(http.get(path).problem()).isEqualTo("404 not_found -");
  }

  @ParameterizedTest
  @CsvSource({
    "GET /experts/a%2Fb HTTP/1.1, 404 not_found",
    "GET /experts/%00 HTTP/1.1, 400 malformed_request",
    "GET /experts/%ff HTTP/1.1, 400 malformed_request",
    "GET /experts/%zz HTTP/1.1, 400 malformed_request",
    "GET /a|b HTTP/1.1, 400 malformed_request",
    "GET /..;/actuator/env HTTP/1.1, 400 malformed_request",
    "GET /../../etc/passwd HTTP/1.1, 400 malformed_request",
    "TRACE /score HTTP/1.1, 405 method_not_allowed",
    "FOO /score HTTP/1.1, 405 method_not_allowed",
  })
  void aPathTrickIsAnsweredByAProblem(String line, String expected) throws IOException {
    assertThat(summary(raw(line))).isEqualTo(expected);
  }

  @Test
  void aRequestThatReachesNoFilterHasAnIdToo() throws IOException {
    assertThat(raw("GET /experts/a%2Fb HTTP/1.1")).containsIgnoringCase("X-Request-Id: ");
  }

  private static String summary(String answer) {
    String status = answer.split(" ", 3)[1];
    String code = answer.replaceAll("(?s).*\"code\":\"([a-z_]*)\".*", "$1");
    return status + " " + (code.length() == answer.length() ? answer : code);
  }

  private String raw(String line) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      OutputStream out = socket.getOutputStream();
      out.write(
          (line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
