package dev.palate.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.core.model.remote.EmbeddingsServer;
import dev.palate.journey.ApiClient;
import dev.palate.lab.bundling.MadeLines;
import dev.palate.lab.bundling.TrainCommand;
import dev.palate.server.database.PostgresTestSupport;
import dev.palate.tier.LongForm;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/**
 * Every panel and every alert, asked of a real Prometheus that collects a used service. The
 * service's encoder is remote, so that it has the metrics of both kinds.
 */
@EnabledIf(
    value = "isHere",
    disabledReason =
        "Skipped: there is no prometheus with promtool on this machine (Debian: prometheus)")
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "palate.model.queue-tokens=64",
      "palate.model.remote-encoder.retries=0",
      "palate.model.remote-encoder.max-concurrency=1"
    })
@Import(PostgresTestSupport.class)
@DirtiesContext
@Order(1) // while the jar is prepared, which it has no need of
@LongForm
class PrometheusIT {
  private static final EmbeddingsServer SERVER = new EmbeddingsServer();
  @TempDir private static Path dir;

  private final ApiClient api;
  private final int port;
  private int round;

  PrometheusIT(@LocalServerPort int port) {
    this.api = new ApiClient(port);
    this.port = port;
  }

  static boolean isHere() {
    return Prometheus.program("prometheus").isPresent()
        && Prometheus.program("promtool").isPresent();
  }

  @DynamicPropertySource
  static void serve(DynamicPropertyRegistry registry) throws IOException {
    Path data = Files.writeString(dir.resolve("made.jsonl"), MadeLines.draw(500, 1));
    Path bundle = dir.resolve("bundle");
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new TrainCommand())
            .setErr(new PrintWriter(err))
            .setOut(new PrintWriter(err))
            .execute(
                "--data",
                data.toString(),
                "--out",
                bundle.toString(),
                "--encoder-url",
                SERVER.url().toString(),
                "--encoder-model",
                EmbeddingsServer.MODEL,
                "--experts",
                "3",
                "--features",
                "8",
                "--epochs",
                "2",
                "--cache-dir",
                dir.resolve("cache").toString());
    assertThat(code).as("%s", err).isZero();
    registry.add("palate.model.bundle", () -> bundle);
    registry.add("palate.model.remote-encoder.url", SERVER::url);
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void everyPanelAndEveryAlertHasDataAndEveryRuleIsSound() throws Exception {
    Alerts alerts = Alerts.rendered();
    Path rules = Prometheus.write(alerts, dir.resolve("rules.yml"));
    promtoolAccepts(rules);
    Set<String> silent = new LinkedHashSet<>();
    Dashboard.read().targets().stream().map(PrometheusIT::filledIn).forEach(silent::add);
    alerts.rules().stream().flatMap(PrometheusIT::sides).forEach(silent::add);
    assertThat(silent).hasSizeGreaterThan(50);

    Path program = Prometheus.program("prometheus").orElseThrow();
    try (Prometheus prometheus = Prometheus.start(program, dir, port, rules)) {
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(() -> {
            use();
            silent.removeIf(prometheus::knows);
            assertThat(silent).as("expressions without data").isEmpty();
            assertThat(stirred(prometheus))
                .as("what was done to the service")
                .contains("PalateEncoderUnavailable", "PalateRefusing", "PalateErrors");
          });

      assertThat(stirred(prometheus))
          .doesNotContain("PalateDown", "PalateReplicaDown", "PalateChangesUnheard");
      assertThat(prometheus.rules())
          .hasSize(alerts.rules().size())
          .allSatisfy(
              rule -> assertThat(rule.path("health").asString()).as("%s", rule).isEqualTo("ok"));
    } finally {
      api.close();
    }
  }

  /** Alerts that fire, or will if it goes on. */
  private static List<String> stirred(Prometheus prometheus) {
    return prometheus.rules().stream()
        .filter(rule -> Set.of("pending", "firing").contains(rule.path("state").asString("")))
        .map(rule -> rule.path("name").asString())
        .toList();
  }

  /** With the variables that Grafana fills in. */
  private static String filledIn(JsonNode target) {
    return target
        .path("expr")
        .asString()
        .replace("$job", ".+")
        .replace("$instance", ".+")
        .replace("$__rate_interval", "20s");
  }

  /** What is compared with a threshold. Of Kubernetes' own objects nothing is known here. */
  private static Stream<String> sides(Rule rule) {
    return Arrays.stream(rule.getExpr().getStrVal().split(" or "))
        .filter(side -> !side.contains("kube_"))
        .map(side -> side.replaceFirst("^absent\\((.*)\\)$", "$1"))
        .map(side -> side.replaceFirst(" (>|<|==) \\S+$", ""));
  }

  private static void promtoolAccepts(Path rules) throws Exception {
    Process promtool =
        new ProcessBuilder(
                Prometheus.program("promtool").orElseThrow().toString(),
                "check",
                "rules",
                rules.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
  }

  /** One of all that can become of a request. */
  private void use() {
    int n = round++;
    System.gc(); // its timer comes with the first collection
    Map<String, Object> texts =
        Map.of("prompt", "Round " + n + "?", "responses", List.of("Yes " + n, "No " + n));
    Map<String, Object> personal =
        Map.of("prompt", "Round " + n + "?", "responses", List.of("Yes " + n), "user", "alice");
    api.post("/score", texts);
    api.post("/score", personal);
    api.post("/score/batch", Map.of("items", List.of(texts)));
    api.post("/get_reward", Map.of("query", List.of("q a " + n), "prompts", List.of("q")));
    api.post("/rerank", Map.of("query", "q " + n, "texts", List.of("a " + n, "b " + n)));
    api.post("/v2/rerank", Map.of("query", "q " + n, "documents", List.of("c " + n)));
    api.post("/v1/score", Map.of("text_1", "q " + n, "text_2", List.of("d " + n)));
    api.post("/score", Map.of("prompt", "no responses"));
    Map<String, Object> label =
        Map.of("prompt", "p " + n, "chosen", "walnut " + n, "rejected", "chestnut " + n);
    api.post("/users/alice/feedback", Map.of("labels", List.of(label)), "Prefer", "wait=5");
    encoderIsAway(n);
    queueIsFull(n);
  }

  private void encoderIsAway(int n) {
    SERVER.down(true);
    api.post("/score", Map.of("prompt", "Away?", "responses", List.of("away " + n)));
    SERVER.down(false);
  }

  /** One request holds the queue until its deadline, 504, while another is refused, 503. */
  private void queueIsFull(int n) {
    CountDownLatch open = new CountDownLatch(1);
    SERVER.forget();
    SERVER.next(EmbeddingsServer.waitFor(open));
    String filling = "full ".repeat(60) + n;
    CompletableFuture<ApiClient.Answer> held =
        CompletableFuture.supplyAsync(
            () ->
                api.post(
                    "/score",
                    Map.of("prompt", "Held?", "responses", List.of(filling)),
                    "Prefer",
                    "wait=1"),
            Thread::startVirtualThread);
    await().until(() -> !SERVER.asked().isEmpty());
    ApiClient.Answer refused =
        api.post("/score", Map.of("prompt", "Full?", "responses", List.of(filling + " too")));
    int late = held.join().status();
    open.countDown();
    assertThat(Stream.of(refused.status(), late).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(503, 504);
  }
}
