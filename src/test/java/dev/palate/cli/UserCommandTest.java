package dev.palate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class UserCommandTest {

  private static final String WEIGHTS =
      """
      {"user": "alice", "status": "current", "version": 2, "labels": 3, "experts": [
        {"expert": 3, "name": "plain words", "weight": 0.5, "prior": 0.2, "shift": 0.3, "significant": true}]}
      """;

  private final AtomicReference<String> received = new AtomicReference<>("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  @TempDir Path temp;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void showPrintsTheWeightsWithTheirShiftAndName() {
    answer("/users/alice/expert-weights", 200, WEIGHTS);

    int exit = run("show", "alice");

    assertThat(exit).isZero();
    assertThat(out.toString()).contains("current", "0.500", "+0.300*", "plain words");
  }

  @Test
  void labelSendsTheTwoResponsesAndPrintsTheNewWeights() {
    answer("/users/alice/feedback", 200, WEIGHTS);

    int exit = run("label", "alice", "--prompt", "p", "--chosen", "a", "--rejected", "b");

    assertThat(exit).isZero();
    assertThat(received.get()).contains("\"chosen\":\"a\"", "\"rejected\":\"b\"");
    assertThat(out.toString()).contains("version 2");
  }

  @Test
  void aTieSendsTheTwoResponses() {
    answer("/users/alice/feedback", 200, WEIGHTS);

    int exit =
        run("label", "alice", "--prompt", "p", "--tie", "--response", "a", "--response", "b");

    assertThat(exit).isZero();
    assertThat(received.get()).contains("\"tie\":true", "\"responses\":[\"a\",\"b\"]");
    assertThat(received.get()).doesNotContain("chosen");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--chosen a",
        "--rejected a",
        "--chosen a --rejected b --response c",
        "--chosen a --rejected b --tie",
        "--tie",
        "--tie --response a",
        "--tie --response a --response b --response c",
        "--tie --response a --response b --chosen a",
        "--response a --response b"
      })
  void aLabelIsAPreferenceOrATie(String options) {
    List<String> words = new ArrayList<>(List.of("label", "alice", "--prompt", "p"));
    options.lines().flatMap(line -> Arrays.stream(line.split(" "))).forEach(words::add);

    int exit = run(words.toArray(String[]::new));

    assertThat(exit).isEqualTo(2);
    assertThat(err.toString()).contains("--chosen and --rejected, or --tie and two of --response");
    assertThat(received.get()).isEmpty();
  }

  @Test
  void aProblemIsOneLineOnStandardErrorWithItsFieldAndTheExitCodeOne() {
    answer(
        "/users/alice/feedback",
        422,
        """
        {"code": "invalid_request", "detail": "Mend the fields", "errors": [{"field": "labels[0].chosen", "message": "same as rejected"}]}
        """);

    int exit = run("label", "alice", "--prompt", "p", "--chosen", "a", "--rejected", "a");

    assertThat(exit).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("422 invalid_request: Mend the fields [labels[0].chosen: same as rejected]");
  }

  @Test
  void aServiceThatIsNotThereIsSaidInOneLine() {
    int port = server.getAddress().getPort();
    server.stop(0);

    int exit = run("show", "alice", "--url", "http://127.0.0.1:" + port);

    assertThat(exit).isEqualTo(1);
    assertThat(err.toString()).contains("start the service first");
  }

  @Test
  void resolveOfAUserPrintsTheSolvedWeights() {
    answer("/users/alice/expert-weights/solve", 200, WEIGHTS);

    assertThat(run("resolve", "alice")).isZero();
    assertThat(out.toString()).contains("current", "plain words");
  }

  @Test
  void resolveOfAllShowsTheProgressUntilItIsOver() {
    answer("/bulk-solves", 202, bulk("running", 0, 0));
    answers(
        "/bulk-solves/7",
        bulk("running", 1200, 0),
        bulk("running", 1201, 0),
        bulk("finished", 2000, 3));

    assertThat(run("resolve", "--all")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "0 / 2,000 users, 512 users/s, 0 failed, model 0123abcd",
            "1,200 / 2,000 users, 512 users/s, 0 failed, model 0123abcd",
            "2,000 / 2,000 users, 512 users/s, 3 failed, model 0123abcd",
            "Those that failed are tried again, each by a job of their own");
  }

  @Test
  void resolveWithNothingToDoSaysSo() {
    answer(
        "/bulk-solves",
        202,
        """
        {"id": 7, "status": "finished", "users": 0, "done": 0, "failed": 0}
        """);

    assertThat(run("resolve", "--all")).isZero();
    assertThat(out.toString()).contains("No user's weights are behind");
  }

  @Test
  void resolveTakesAUserOrAllAndNotBoth() {
    assertThat(run("resolve")).isEqualTo(2);
    assertThat(err.toString()).contains("Name either a USER or --all");
    assertThat(run("resolve", "alice", "--all")).isEqualTo(2);
  }

  @Test
  void exportCopiesTheAnswerAsItIs() {
    answer(
        "/users/alice/export", 200, "{\"user\": \"alice\", \"labels\": [\"\u00fc\ud83d\ude00\"]}");

    assertThat(run("export", "alice")).isZero();
    assertThat(data.toString(StandardCharsets.UTF_8))
        .isEqualTo("{\"user\": \"alice\", \"labels\": [\"\u00fc\ud83d\ude00\"]}");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void exportWritesAFileThatOnlyItsOwnerMayRead() throws IOException {
    answer("/users/alice/export", 200, "{\"user\": \"alice\"}");
    Path file = temp.resolve("alice.json");

    assertThat(run("export", "alice", "--out", file.toString())).isZero();

    assertThat(file).hasContent("{\"user\": \"alice\"}");
    assertThat(Files.getPosixFilePermissions(file))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    assertThat(out.toString()).contains("alice: 17 bytes in").contains("alice.json");
    assertThat(data.size()).isZero();
  }

  @Test
  void anExportThatIsRefusedOrBreaksOffLeavesTheFileAsItWas() throws IOException {
    answer("/users/alice/export", 503, "{\"code\": \"overloaded\", \"detail\": \"Try again\"}");
    server.createContext(
        "/users/bob/export",
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000);
          exchange.getResponseBody().write("{\"user\"".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          exchange.close();
        });
    Path file = Files.writeString(temp.resolve("user.json"), "before");

    assertThat(run("export", "alice", "--out", file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("503 overloaded: Try again");
    assertThat(run("export", "bob", "--out", file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("ends too early");

    assertThat(file).hasContent("before");
    assertThat(temp.toFile().list()).containsExactly("user.json");
  }

  private static String bulk(String status, int done, int failed) {
    return """
    {"id": 7, "model_version": "0123abcd", "status": "%s", "users": 2000, "done": %d, "failed": %d,
     "users_per_second": 512.0}
    """
        .formatted(status, done, failed);
  }

  @Test
  void withoutASubcommandItSaysWhichThereAre() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("show, label, score, resolve, export, erase");
  }

  private int run(String... args) {
    String[] all = new String[args.length + 2];
    all[0] = "--url";
    all[1] = "http://127.0.0.1:" + server.getAddress().getPort();
    System.arraycopy(args, 0, all, 2, args.length);
    boolean named = java.util.Arrays.asList(args).contains("--url");
    return new CommandLine(new UserCommand(Duration.ZERO, data))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(named ? args : all);
  }

  private void answer(String path, int status, String json) {
    server.createContext(path, exchange -> respond(exchange, status, json));
  }

  private void answers(String path, String... jsons) {
    Iterator<String> next = List.of(jsons).iterator();
    server.createContext(path, exchange -> respond(exchange, 200, next.next()));
  }

  private void respond(HttpExchange exchange, int status, String json) throws IOException {
    received.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
