package dev.palate.server.adaptation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.server.database.PostgresTestSupport;
import dev.palate.server.store.UserId;
import dev.palate.tier.NeedsPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.junit.jupiter.SpringExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The user and adaptation rooms as they run: Tomcat, PostgreSQL and db-scheduler, on a model that
 * counts letters. Each test has a user of its own.
 */
@ResourceLock("rooms") // which these classes share
@SpringBootTest(
    classes = ServiceTest.Rooms.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "logging.level.io.zonky=WARN",
      // the model's health belongs to a room that is not here
      "management.endpoint.health.validate-group-membership=false"
    })
@NeedsPostgres
public abstract class ServiceTest {

  private static final JsonMapper JSON = new JsonMapper();

  protected final HttpClient client = HttpClient.newHttpClient();
  protected final String user = "u-" + UUID.randomUUID();

  @LocalServerPort protected int port;
  @Autowired protected TestModel model;
  @Autowired protected JdbcClient jdbc;

  @BeforeEach
  @AfterEach
  void standAside() {
    model.reset();
  }

  // marks it as a test, which the whole application's component scan passes over
  @ExtendWith(SpringExtension.class)
  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @AutoConfigurationPackage(basePackageClasses = UserId.class)
  @ComponentScan(
      basePackages = "dev.palate.server",
      excludeFilters =
          @Filter(
              type = FilterType.REGEX,
              pattern = {
                ".*(Test|DatabaseChoice).*",
                "dev\\.palate\\.server\\.(score|studio)\\..*",
                "dev\\.palate\\.server\\.models\\.(Reward|RemoteEncoder|Forward|ModelController|ModelHealth|ModelBegins).*"
              }))
  @Import(PostgresTestSupport.class)
  static class Rooms {
    @Bean
    TestModel testModel() {
      return new TestModel();
    }
  }

  /** An answer in the few terms the tests speak of. */
  public record Answer(HttpResponse<String> response) {
    public int status() {
      return response.statusCode();
    }

    public JsonNode json() {
      return JSON.readTree(response.body());
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /** Status, code and field of the first error, in one line. */
    public String problem() {
      String field = json().path("errors").path(0).path("field").asString("-");
      return status() + " " + json().path("code").asString("-") + " " + field;
    }
  }

  protected Answer send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return new Answer(client.send(request.build(), BodyHandlers.ofString()));
  }

  protected Answer get(String path, String... headers) throws Exception {
    return send("GET", path, "", headers);
  }

  /** {@code POST /users/{user}/feedback}. */
  protected Answer label(String labels, String... headers) throws Exception {
    return send("POST", "/users/" + user + "/feedback", labels(labels), headers);
  }

  /** Labels, and waits until the weights contain them. */
  protected JsonNode labelAndSolve(String labels) throws Exception {
    Answer answer = label(labels, "Prefer", "wait=20");
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.json();
  }

  protected JsonNode weights() throws Exception {
    return get("/users/" + user + "/expert-weights").json();
  }

  /** The shift of one expert in an answer with {@code experts}. */
  protected static double shift(JsonNode answer, int expert) {
    for (JsonNode entry : answer.path("experts")) {
      if (entry.path("expert").asInt() == expert) {
        return entry.path("shift").asDouble();
      }
    }
    throw new AssertionError("No expert " + expert + " in " + answer);
  }

  protected static String labels(String labels) {
    return "{\"labels\": [" + labels + "]}";
  }

  protected static String one(String id, String chosen, String rejected) {
    return """
    {"id": "%s", "prompt": "p", "chosen": "%s", "rejected": "%s"}\
    """
        .formatted(id, chosen, rejected);
  }

  protected static String tie(String id, String one, String other) {
    return """
    {"id": "%s", "prompt": "p", "tie": true, "responses": ["%s", "%s"]}\
    """
        .formatted(id, one, other);
  }

  protected long stored(String table) {
    return jdbc.sql("select count(*) from " + table + " where user_id = ?")
        .param(user)
        .query(Long.class)
        .single();
  }
}
