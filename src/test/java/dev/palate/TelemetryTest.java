package dev.palate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.palate.server.database.PostgresTestSupport;
import dev.palate.tier.NeedsEngine;
import dev.palate.tier.NeedsPostgres;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole service, told to send traces and metrics to a collector. */
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "palate.telemetry.otlp.enabled=true",
      "management.tracing.sampling.probability=1",
      "management.opentelemetry.tracing.export.schedule-delay=100ms",
      "management.otlp.metrics.export.step=1s"
    })
@Import(PostgresTestSupport.class) // or another context's scheduler may adapt in this one's place
@DirtiesContext // its exporters would go on sending to nobody
@NeedsPostgres
@NeedsEngine
class TelemetryTest {

  /** What a collector was sent, protocol buffers in which names and texts can be read. */
  private static final class Collector {
    private final Queue<String> traces = new ConcurrentLinkedQueue<>();
    private final Queue<String> metrics = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    Collector() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      take("/v1/traces", traces);
      take("/v1/metrics", metrics);
      server.start();
    }

    private void take(String path, Queue<String> into) {
      server.createContext(
          path,
          exchange -> {
            into.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
    }

    static String all(Queue<String> sent) {
      return sent.stream().collect(Collectors.joining());
    }
  }

  private static Collector collector;

  @LocalServerPort private int port;

  @BeforeAll
  static void listen() throws IOException {
    collector = new Collector();
  }

  @AfterAll
  static void close() {
    collector.server.stop(0);
  }

  @DynamicPropertySource
  static void endpoint(DynamicPropertyRegistry registry) {
    registry.add(
        "palate.telemetry.otlp.endpoint",
        () -> "http://127.0.0.1:" + collector.server.getAddress().getPort());
  }

  @Test
  void theCollectorIsToldWhereTheTimeWentAndNeitherTextsNorUsers() throws Exception {
    assertThat(
            post(
                    "/score",
                    "{\"prompt\": \"Zanzibar?\", \"responses\": [\"Marzipan.\", \"Tamarind.\"],"
                        + " \"user\": \"secretuser\"}")
                .statusCode())
        .isEqualTo(200);
    assertThat(
            post(
                    "/users/secretuser/feedback",
                    "{\"labels\": [{\"id\": \"secretlabel\", \"prompt\": \"Zanzibar?\","
                        + " \"chosen\": \"Marzipan.\", \"rejected\": \"Tamarind.\"}]}")
                .statusCode())
        .isEqualTo(202);

    await()
        .untilAsserted(() ->
            assertThat(Collector.all(collector.traces))
                .contains("palate.score", "kind", "outcome")
                .contains("palate.queue.us", "palate.tokenize.us", "palate.inference.us")
                .contains("palate.weights.us", "palate.mix.us")
                .contains("/users/{id}/feedback")
                .contains("palate.adaptation.run", "palate.adaptation.solve"));
    await()
        .untilAsserted(() ->
            assertThat(Collector.all(collector.metrics))
                .contains("palate.score.stage", "palate.routing", "palate.device.memory")
                .contains("palate.adaptation.lag", "palate.adaptation.agreement"));
    assertThat(Collector.all(collector.traces) + Collector.all(collector.metrics))
        .doesNotContain("secretuser", "secretlabel")
        .doesNotContain("Zanzibar", "Marzipan", "Tamarind");
  }

  @Test
  void aCallersTraceGoesOnInOurs() throws Exception {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    HttpResponse<String> answer =
        post(
            "/score",
            "{\"prompt\": \"p\", \"responses\": [\"a\", \"b\"]}",
            "traceparent",
            "00-" + trace + "-00f067aa0ba902b7-01");
    assertThat(answer.statusCode()).isEqualTo(200);

    String bytes = new String(new java.math.BigInteger(trace, 16).toByteArray(), ISO_8859_1);
    await().untilAsserted(() -> assertThat(Collector.all(collector.traces)).contains(bytes));
  }

  /** Through the registry itself, as a filter or a job would meet it. */
  @Test
  void ofADatabasesErrorTheTypeIsToldAndNoneOfItsWords(
      @Autowired ObservationRegistry observations, @Autowired JdbcClient jdbc) {
    String insert = "INSERT INTO users (id, incarnation) VALUES ('secretrow', gen_random_uuid())";
    jdbc.sql(insert).update();
    DuplicateKeyException error =
        catchThrowableOfType(DuplicateKeyException.class, () -> jdbc.sql(insert).update());
    assertThat(error).hasMessageContainingAll("secretrow", "duplicate key");

    Observation broken = Observation.start("palate.broken", observations);
    broken.error(error);
    broken.stop();

    await()
        .untilAsserted(() ->
            assertThat(Collector.all(collector.traces))
                .contains("palate.broken", "exception.type", error.getClass().getName()));
    assertThat(Collector.all(collector.traces) + Collector.all(collector.metrics))
        .doesNotContain("secretrow", "duplicate key", "exception.message", "stacktrace");
  }

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }
}
