package dev.palate.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.helm.Alerts.Selector;
import dev.palate.server.database.PostgresTestSupport;
import dev.palate.tier.NeedsPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.test.context.ContextConfiguration;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real service, started with the settings that the chart writes for it: only ports, the data
 * directory and the path of the first key are this test's.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(PostgresTestSupport.class)
@ContextConfiguration(initializers = ServiceSettingsTest.OfTheChart.class)
@NeedsPostgres
class ServiceSettingsTest {

  private static final String ADMIN = "admin." + "0123456789abcdef".repeat(4);

  /** Not the service's own: Prometheus makes the one, kube-state-metrics the others. */
  private static final Set<String> OTHERS =
      Set.of("up", "kube_deployment_status_replicas_available", "kube_deployment_spec_replicas");

  private final HttpClient client = HttpClient.newHttpClient();
  private final String api;
  private final String management;

  ServiceSettingsTest(@LocalServerPort int port, @LocalManagementPort int managementPort) {
    this.api = "http://127.0.0.1:" + port;
    this.management = "http://127.0.0.1:" + managementPort;
  }

  static final class OfTheChart
      implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
      try {
        Path key = Files.createTempFile("admin-key", "");
        key.toFile().deleteOnExit();
        Files.writeString(key, ADMIN + "\n");
        byte[] yaml =
            Chart.rendered(Chart.LEAST).applicationYaml().getBytes(StandardCharsets.UTF_8);
        MutablePropertySources sources = context.getEnvironment().getPropertySources();
        PropertySource<?> chart =
            new YamlPropertySourceLoader().load("chart", new ByteArrayResource(yaml)).getFirst();
        assertThat(chart.getProperty("palate.security.admin-key-file")).isNotNull();
        sources.addFirst(chart);
        sources.addFirst(
            new MapPropertySource(
                "the test's",
                Map.of(
                    "server.port", "0",
                    "management.server.port", "0",
                    "palate.data-dir", ".palate",
                    "palate.security.admin-key-file", key.toString())));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private HttpResponse<String> get(String url, String key) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (!key.isEmpty()) {
      request.header("Authorization", "Bearer " + key);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String key, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(api + path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=20")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private String key(String scopes) throws Exception {
    HttpResponse<String> made =
        post("/keys", ADMIN, "{\"name\": \"k\", \"scopes\": [" + scopes + "]}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return new JsonMapper().readTree(made.body()).path("key").asString();
  }

  @BeforeEach
  void useIt() throws Exception {
    String app = key("\"score\", \"feedback\", \"read\"");
    String score =
        "{\"prompt\": \"How do tides work?\", \"responses\": [\"The moon.\", \"A question!\"]}";
    assertThat(post("/score", app, score).statusCode()).isEqualTo(200);
    String label = "{\"labels\": [{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\"}]}";
    assertThat(post("/users/alice/feedback", app, label).statusCode()).isIn(200, 202);
  }

  @Test
  void theProbesAreAnsweredOnTheApisPortWithoutAKey() throws Exception {
    assertThat(get(api + "/livez", "").statusCode()).isEqualTo(200);
    assertThat(get(api + "/readyz", "").statusCode()).isEqualTo(200);
  }

  @Test
  void metricsWantTheKeyThatTheServiceMonitorShows() throws Exception {
    assertThat(get(management + "/actuator/prometheus", "").statusCode()).isEqualTo(401);
    assertThat(get(management + "/actuator/prometheus", ADMIN).statusCode()).isEqualTo(403);
    assertThat(get(management + "/actuator/prometheus", key("\"read\"")).statusCode())
        .isEqualTo(200);
    assertThat(get(api + "/actuator/prometheus", key("\"read\"")).statusCode()).isEqualTo(404);
  }

  @Test
  void everyMetricOfRulesAndScalingIsRegisteredWithTheLabelsItIsSelectedBy() throws Exception {
    Map<String, Set<String>> exposed = exposed();
    Alerts alerts = Alerts.rendered();

    List<Selector> ofTheService =
        alerts.selectors().stream()
            .filter(selector -> !OTHERS.contains(selector.metric()))
            .filter(selector -> !alerts.recorded().contains(selector.metric()))
            .toList();

    assertThat(ofTheService).hasSizeGreaterThan(10);
    assertRegistered(ofTheService, exposed);
  }

  @Test
  void everyMetricOfTheDashboardIsRegisteredWithTheLabelsItIsSelectedAndShownBy() throws Exception {
    Dashboard dashboard = Dashboard.read();
    // its timer comes with the first collection after the start
    System.gc();
    await().until(() -> exposed().containsKey("jvm_gc_pause_seconds_sum"));

    assertThat(dashboard.selectors()).hasSizeGreaterThan(30);
    assertRegistered(dashboard.selectors(), exposed());
  }

  private static void assertRegistered(List<Selector> selectors, Map<String, Set<String>> exposed) {
    for (Selector selector : selectors) {
      assertThat(exposed).as("what is selected").containsKey(selector.metric());
      assertThat(exposed.get(selector.metric()))
          .as("labels of %s", selector.metric())
          .containsAll(selector.labels());
    }
  }

  /** Names of series and of the labels they have. */
  private Map<String, Set<String>> exposed() throws Exception {
    Pattern label = Pattern.compile("(\\w+)=\"");
    return get(management + "/actuator/prometheus", key("\"read\""))
        .body()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .collect(
            Collectors.toMap(
                line -> line.split("[{ ]", 2)[0],
                line ->
                    label
                        .matcher(line)
                        .results()
                        .map((MatchResult found) -> found.group(1))
                        .collect(Collectors.toSet()),
                (a, b) -> {
                  Set<String> both = new HashSet<>(a);
                  both.addAll(b);
                  return both;
                }));
  }
}
