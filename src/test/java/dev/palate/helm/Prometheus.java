package dev.palate.helm;

import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus that collects a service's metrics each second, under the chart's rules. */
final class Prometheus implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final String url;

  private Prometheus(Process process, int port) {
    this.process = process;
    this.url = "http://127.0.0.1:" + port;
  }

  /** A program of this machine. */
  static Optional<Path> program(String name) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(dir -> Path.of(dir, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Waits for nothing: until it is up, queries answer nothing. */
  static Prometheus start(Path program, Path dir, int target, Path rules) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    // as the operator labels what the chart's ServiceMonitor collects
    Path config =
        Files.writeString(
            dir.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["%s"]
            scrape_configs:
              - job_name: %s-palate-metrics
                metrics_path: /actuator/prometheus
                static_configs:
                  - targets: ["127.0.0.1:%d"]
                    labels: {namespace: %s, pod: a-pod}
            """
                .formatted(rules, Chart.NAME, target, Chart.NAMESPACE));
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + dir.resolve("series"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("prometheus.log").toFile())
            .start();
    return new Prometheus(process, port);
  }

  /** JSON is YAML too. */
  static Path write(Alerts alerts, Path file) throws IOException {
    List<Map<String, Object>> rules = alerts.rules().stream().map(Prometheus::rule).toList();
    return Files.writeString(
        file,
        JSON.writeValueAsString(
            Map.of("groups", List.of(Map.of("name", "palate", "rules", rules)))));
  }

  private static Map<String, Object> rule(Rule rule) {
    Map<String, Object> written = new LinkedHashMap<>();
    written.put("expr", rule.getExpr().getStrVal());
    if (rule.getRecord() != null) {
      written.put("record", rule.getRecord());
      return written;
    }
    written.put("alert", rule.getAlert());
    written.put("labels", rule.getLabels());
    written.put("annotations", rule.getAnnotations());
    if (rule.getFor() != null) {
      written.put("for", rule.getFor());
    }
    return written;
  }

  /** Whether an expression has a finite value now. */
  boolean knows(String expression) {
    return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
        .path("data")
        .path("result")
        .valueStream()
        .anyMatch(sample ->
            Double.isFinite(Double.parseDouble(number(sample.path("value").path(1).asString()))));
  }

  private static String number(String value) {
    return value.endsWith("Inf") ? value + "inity" : value;
  }

  /** All rules as they stand, with {@code state}, {@code health} and {@code lastError}. */
  List<JsonNode> rules() {
    return get("/api/v1/rules")
        .path("data")
        .path("groups")
        .valueStream()
        .flatMap(group -> group.path("rules").valueStream())
        .toList();
  }

  private JsonNode get(String path) {
    try {
      return JSON.readTree(
          client
              .send(HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString())
              .body());
    } catch (IOException e) {
      return JSON.missingNode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    client.close();
  }
}
