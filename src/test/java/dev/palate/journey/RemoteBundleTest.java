package dev.palate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.model.remote.EmbeddingsServer;
import dev.palate.journey.ApiClient.Answer;
import dev.palate.journey.ApiClient.Pair;
import dev.palate.lab.bundling.MadeLines;
import dev.palate.lab.bundling.TrainCommand;
import dev.palate.lab.evaluate.EvaluateCommand;
import dev.palate.server.database.PostgresTestSupport;
import dev.palate.tier.NeedsEngine;
import dev.palate.tier.NeedsPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/**
 * A bundle on an encoder that another program serves: trained by the command, served over HTTP,
 * taught by a user, and what is left of it while its encoder is away.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(PostgresTestSupport.class)
@DirtiesContext
@ExtendWith(OutputCaptureExtension.class)
@NeedsPostgres
@NeedsEngine
class RemoteBundleTest {
  private static final EmbeddingsServer SERVER = new EmbeddingsServer();
  @TempDir private static Path dir;
  private static Path data;
  private static Path bundle;

  private final ApiClient api;

  RemoteBundleTest(@LocalServerPort int port) {
    this.api = new ApiClient(port);
  }

  @DynamicPropertySource
  static void serve(DynamicPropertyRegistry registry) throws IOException {
    data = Files.writeString(dir.resolve("made.jsonl"), MadeLines.draw(2000, 1));
    bundle = dir.resolve("bundle");
    StringWriter err = new StringWriter();
    assertThat(train(err, bundle, "--name", "remote-words")).as("%s", err).isZero();
    registry.add("palate.model.bundle", () -> bundle);
    registry.add("palate.model.remote-encoder.url", SERVER::url);
    registry.add("palate.model.remote-encoder.retries", () -> 1);
    registry.add("palate.model.remote-encoder.max-concurrency", () -> 1);
  }

  @BeforeEach
  void forget() {
    SERVER.down(false);
    api.delete("/users/alice");
  }

  @AfterEach
  void close() {
    SERVER.down(false);
    api.close();
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void theModelIsTheRemoteOne() {
    JsonNode model = api.get("/model").body();
    assertThat(model.path("model").asString()).isEqualTo("remote-words");
    assertThat(model.path("device").asString()).isEqualTo("remote");
    assertThat(model.path("limits").path("tokens").asInt()).isEqualTo(256);
  }

  @Test
  void aUserTeachesIt() {
    List<Pair> labels = pairs("walnut", "chestnut", 6);
    double before = api.margin("alice", labels.getFirst());
    Answer answer = api.label("alice", 0, labels, "Prefer", "wait=20");
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
    assertThat(api.margin("alice", labels.getFirst())).isGreaterThan(before);
    JsonNode weights = api.get("/users/alice/expert-weights").body();
    assertThat(weights.path("status").asString()).isEqualTo("current");
    assertThat(weights.path("labels").asInt()).isEqualTo(6);
    assertThat(api.margin(null, labels.getFirst())).isEqualTo(before);
  }

  @Test
  void whatWasAskedForBeforeIsNotEmbeddedAgain() {
    Map<String, Object> body =
        Map.of("prompt", "Is it kept?", "responses", List.of("It is kept.", "It is not."));
    assertThat(api.post("/score", body).raw().headers().firstValue("X-Cache")).hasValue("miss");
    SERVER.forget();
    assertThat(api.post("/score", body).raw().headers().firstValue("X-Cache")).hasValue("hit");
    assertThat(SERVER.asked()).isEmpty();
  }

  @Test
  void whileTheEncoderIsAwayNewTextsGet503AndAllElseGoesOn(CapturedOutput output) {
    Map<String, Object> known = Map.of("prompt", "Known?", "responses", List.of("Yes."));
    assertThat(api.post("/score", known).status()).isEqualTo(200);
    SERVER.down(true);
    Answer answer =
        api.post("/score", Map.of("prompt", "New?", "responses", List.of("Brand new.")));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body().path("code").asString()).isEqualTo("encoder_unavailable");
    assertThat(answer.raw().headers().firstValueAsLong("Retry-After")).hasValue(2);
    assertThat(api.post("/score", known).status()).isEqualTo(200);
    assertThat(api.get("/readyz").status()).isEqualTo(200);
    assertThat(api.get("/livez").status()).isEqualTo(200);
    assertThat(api.label("alice", 0, pairs("hazel", "linden", 2)).status()).isEqualTo(202);
    SERVER.down(false);
    Answer later = api.label("alice", 2, pairs("rowan", "elder", 1), "Prefer", "wait=30");
    assertThat(later.status()).as("%s", later.body()).isEqualTo(200);
    assertThat(api.get("/users/alice/expert-weights").body().path("solved_labels").asInt())
        .isEqualTo(3);
    assertThat(output).contains("The remote encoder at").doesNotContain("Brand new", "linden");
  }

  @Test
  void itsRequestsAreMeasured() {
    api.margin("alice", pairs("spruce", "larch", 1).getFirst());
    assertThat(api.text("/actuator/prometheus"))
        .contains(
            "palate_encoder_request_seconds_count{",
            "outcome=\"ok\"",
            "palate_encoder_retries_total");
  }

  @Test
  void waitingForTheEncoderIsWhatAutoscalingReads() {
    CountDownLatch open = new CountDownLatch(1);
    SERVER.forget();
    SERVER.next(EmbeddingsServer.waitFor(open));
    CompletableFuture<Answer> first = scoreAside("Held?", "It is held.");
    while (SERVER.asked().isEmpty()) {
      Thread.onSpinWait();
    }
    double before = meter("palate_forward_waiting_tokens");
    CompletableFuture<Answer> second = scoreAside("Waits?", "It waits for the other.");
    while (meter("palate_forward_waiting_tokens") <= before) {
      Thread.onSpinWait();
    }
    double queued = meter("palate_score_stage_seconds_sum{stage=\"queue\"}");
    long since = System.nanoTime();
    assertThat(api.get("/readyz").status()).isEqualTo(200);
    double least = (System.nanoTime() - since) / 1e9;
    open.countDown();

    assertThat(first.join().status()).isEqualTo(200);
    assertThat(second.join().status()).isEqualTo(200);
    double waited = meter("palate_score_stage_seconds_sum{stage=\"queue\"}") - queued;
    assertThat(waited).isGreaterThan(least);
    assertThat(second.join().raw().headers().firstValueAsLong("X-Queue-Ms").orElseThrow())
        .isLessThanOrEqualTo((long) (waited * 1000));
  }

  private CompletableFuture<Answer> scoreAside(String prompt, String response) {
    return CompletableFuture.supplyAsync(
        () -> api.post("/score", Map.of("prompt", prompt, "responses", List.of(response))),
        Thread::startVirtualThread);
  }

  private double meter(String name) {
    return api.text("/actuator/prometheus")
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void itIsEvaluatedThroughTheSameServer() {
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(new EvaluateCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .execute(
                "--bundle",
                bundle.toString(),
                "--data",
                data.toString(),
                "--encoder-url",
                SERVER.url().toString(),
                "--shots",
                "0,2",
                "--draws",
                "2",
                "--baselines=false",
                "--cache-dir",
                dir.resolve("cache").toString());
    assertThat(code).as("%s", out).isZero();
  }

  @Test
  void theHeadLearnedTheWordsThatAllLike() {
    JsonNode metrics = api.get("/model").body().path("metrics");
    assertThat(metrics.path("test.made.accuracy").asDouble()).as("%s", metrics).isGreaterThan(0.6);
  }

  @Test
  void encodingsOfAnotherModelUnderTheSameNameAreNotTaken() {
    try (EmbeddingsServer other = new EmbeddingsServer().seed(9)) {
      StringWriter err = new StringWriter();
      assertThat(train(err, dir.resolve("x"), "--encoder-url", other.url().toString()))
          .isEqualTo(1);
      assertThat(err.toString()).contains("made by another model of the name 'words-24'");
    }
  }

  @Test
  void aKeyIsReadFromItsFile() throws IOException {
    Path file = Files.writeString(dir.resolve("key"), "k3y\n");
    try (EmbeddingsServer locked = new EmbeddingsServer().key("k3y")) {
      StringWriter err = new StringWriter();
      List<String> options = List.of("--encoder-url", locked.url().toString(), "--epochs", "2");
      assertThat(train(err, dir.resolve("x"), options.toArray(String[]::new))).isEqualTo(1);
      assertThat(err.toString()).contains("refuses the key (401)");
      List<String> withKey = new ArrayList<>(options);
      withKey.addAll(List.of("--encoder-api-key-file", file.toString()));
      assertThat(train(err, dir.resolve("x"), withKey.toArray(String[]::new)))
          .as("%s", err)
          .isZero();
      assertThat(Files.readString(dir.resolve("x/MODEL_CARD.md")))
          .contains("words-24")
          .doesNotContain("k3y", file.toString(), locked.url().toString());
    }
  }

  @Test
  void ofWhatASlowEncoderHasAnsweredLittleIsAskedAgain() {
    try (EmbeddingsServer slow = new EmbeddingsServer()) {
      String[] options = {
        "--encoder-url", slow.url().toString(),
        "--encoder-batch-size", "4",
        "--encoder-max-concurrency", "4",
        "--encoder-timeout", "1",
        "--cache-dir", dir.resolve("slow").toString(),
        "--epochs", "2"
      };
      EmbeddingsServer.Trouble none = exchange -> false;
      Stream.generate(() -> none).limit(16).forEach(slow::next);
      slow.next(slow.hang());
      StringWriter err = new StringWriter();
      assertThat(train(err, dir.resolve("x"), options)).isEqualTo(1);
      assertThat(err.toString()).contains("4 texts in time (1000 ms)", "--encoder-timeout");
      Set<String> first = texts(slow);
      slow.forget();

      assertThat(train(err, dir.resolve("x"), options)).as("%s", err).isZero();

      Set<String> second = texts(slow);
      assertThat(slow.asked()).allMatch(asked -> asked.texts().size() <= 4);
      assertThat(first).hasSizeGreaterThan(40);
      second.retainAll(first);
      assertThat(second).as("asked again").hasSizeLessThan(20);
    }
  }

  private static Set<String> texts(EmbeddingsServer server) {
    return server.asked().stream()
        .flatMap(asked -> asked.texts().stream())
        .collect(Collectors.toCollection(HashSet::new));
  }

  @Test
  void whatCannotBeTrainedIsSaidAtOnce() {
    StringWriter err = new StringWriter();
    assertThat(train(err, dir.resolve("x"), "--fine-tune")).isEqualTo(1);
    assertThat(train(err, dir.resolve("x"), "--encoder", "models")).isEqualTo(1);
    assertThat(train(err, dir.resolve("x"), "--max-tokens", "7")).isEqualTo(1);
    assertThat(train(err, dir.resolve("x"), "--encoder-timeout", "0")).isEqualTo(1);
    assertThat(train(err, dir.resolve("x"), "--encoder-batch-size", "soon")).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "'timeout' must be positive",
            "'--encoder-batch-size'",
            "those of a remote one are not here",
            "--encoder-model needs --encoder-url",
            "not 7. Choose --max-tokens");
  }

  private static int train(StringWriter err, Path out, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--data", data.toString(), "--out", out.toString()));
    if (!List.of(more).contains("--encoder-url")) {
      arguments.addAll(List.of("--encoder-url", SERVER.url().toString()));
    }
    arguments.addAll(List.of("--encoder-model", EmbeddingsServer.MODEL));
    if (!List.of(more).contains("--epochs")) {
      arguments.addAll(List.of("--epochs", "20"));
    }
    arguments.addAll(List.of("--experts", "3", "--features", "8"));
    if (!List.of(more).contains("--cache-dir")) {
      arguments.addAll(List.of("--cache-dir", dir.resolve("cache").toString()));
    }
    arguments.addAll(List.of(more));
    return new CommandLine(new TrainCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }

  private static List<Pair> pairs(String chosen, String rejected, int n) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      pairs.add(
          new Pair(
              "What was on day " + i + "?",
              "A %s on day %d.".formatted(chosen, i),
              "A %s on day %d.".formatted(rejected, i)));
    }
    return pairs;
  }
}
