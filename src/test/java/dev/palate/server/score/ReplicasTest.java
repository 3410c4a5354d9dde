package dev.palate.server.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.core.model.ScoreResult;
import dev.palate.server.adaptation.TestModel;
import dev.palate.server.changes.UserChanges;
import dev.palate.server.changes.UserDigest;
import dev.palate.server.database.PostgresTestSupport;
import dev.palate.server.store.UserId;
import dev.palate.tier.NeedsPostgres;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.junit.jupiter.SpringExtension;
import tools.jackson.databind.JsonNode;

/**
 * Two replicas on one PostgreSQL, each with its cache of users' weights. Nothing is up to date by
 * its age alone: what is not read again was vouched for by the other replica's silence.
 */
@NeedsPostgres
class ReplicasTest {

  private static Replica one;
  private static Replica two;

  private final String user = "u-" + UUID.randomUUID();

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
                ".*(Test|DatabaseChoice|Faulty).*",
                "dev\\.palate\\.server\\.studio\\..*",
                "dev\\.palate\\.server\\.models\\.(Reward|RemoteEncoder|Forward).*"
              }))
  static class Rooms {
    @Bean
    TestModel testModel() {
      return new TestModel();
    }
  }

  private record Replica(ConfigurableApplicationContext context, Http http) {
    static Replica start(List<Class<?>> sources, String... options) {
      List<String> all = new ArrayList<>(List.of(options));
      all.addAll(
          List.of(
              "--server.port=0",
              "--palate.user-weights.time-to-live=0s",
              "--management.endpoint.health.validate-group-membership=false",
              "--logging.level.io.zonky=WARN"));
      ConfigurableApplicationContext context =
          new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
              .run(all.toArray(String[]::new));
      int port =
          Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer())
              .getPort();
      return new Replica(context, new Http(port));
    }

    <T> T bean(Class<T> type) {
      return context.getBean(type);
    }

    JsonNode score(String user) {
      Http.Answer answer =
          http.post(
              "/score",
              "{\"user\":\"%s\",\"prompt\":\"p\",\"responses\":[\"a\",\"b\"]}".formatted(user));
      assertThat(answer.status()).isEqualTo(200);
      return answer.json();
    }

    /** Which weights served, and their version. */
    String weights(String user) {
      JsonNode answer = score(user);
      return answer.path("weights").asString() + " " + answer.path("weights_version").asInt();
    }

    void label(String user, String id, String... headers) {
      Http.Answer answer =
          http.post(
              "/users/" + user + "/feedback",
              """
              {"labels":[{"id":"%s","prompt":"p","chosen":"aa","rejected":"b"}]}
              """
                  .formatted(id),
              headers);
      assertThat(answer.status()).isBetween(200, 202);
    }

    void labelAndSolve(String user, String id) {
      label(user, id, "Prefer", "wait=20");
    }

    int erase(String user) {
      return http.send(http.request("/users/" + user).DELETE()).status();
    }

    double reads() {
      return bean(MeterRegistry.class)
          .get("palate.score.weights.lookups")
          .tag("result", "read")
          .counter()
          .count();
    }

    void awaitListening(long after) {
      UserChanges changes = bean(UserChanges.class);
      await().until(() -> changes.listening() && changes.session() > after);
    }
  }

  @BeforeAll
  static void start() {
    one = Replica.start(List.of(Rooms.class, PostgresTestSupport.class));
    JdbcConnectionDetails database = one.bean(JdbcConnectionDetails.class);
    two =
        Replica.start(
            List.of(Rooms.class),
            "--spring.datasource.url=" + database.getJdbcUrl(),
            "--spring.datasource.username=" + database.getUsername(),
            "--spring.datasource.password=" + database.getPassword(),
            "--palate.adaptation.enabled=false");
  }

  @AfterAll
  static void stop() {
    two.context().close();
    one.context().close();
  }

  @BeforeEach
  void listen() {
    one.awaitListening(0);
    two.awaitListening(0);
  }

  @AfterEach
  void standAside() {
    one.bean(TestModel.class).reset();
    two.bean(TestModel.class).reset();
  }

  @Test
  void weightsSolvedByOneReplicaServeInTheOther() {
    assertThat(two.weights(user)).isEqualTo("prior 0");

    one.labelAndSolve(user, "l1");

    assertThat(one.weights(user)).as("at once where they were solved").isEqualTo("personal 1");
    await().until(() -> two.weights(user).equals("personal 1"));
  }

  @Test
  void whileNothingChangesNoScoreAsksTheDatabase() {
    one.labelAndSolve(user, "l1");
    await().until(() -> two.weights(user).equals("personal 1"));
    double before = two.reads();

    for (int i = 0; i < 30; i++) {
      assertThat(two.weights(user)).isEqualTo("personal 1");
    }

    assertThat(two.reads()).isEqualTo(before);
  }

  @Test
  void aLabelThatIsNotSolvedYetIsStaleInBothReplicas() throws Exception {
    one.labelAndSolve(user, "l1");
    await().until(() -> two.weights(user).equals("personal 1"));
    CountDownLatch open = new CountDownLatch(1);
    one.bean(TestModel.class).between((items, result) -> hold(open, result));

    one.label(user, "l2");
    // scoring itself goes through the same model and must not be held: two's is free
    await().until(() -> two.weights(user).equals("stale 1"));
    open.countDown();

    await().until(() -> two.weights(user).equals("personal 2"));
    assertThat(one.weights(user)).isEqualTo("personal 2");
  }

  @Test
  void aLabelIsKnownWhereItWasTakenBeforeItIsAcknowledged() {
    one.labelAndSolve(user, "l1");
    await().until(() -> two.weights(user).equals("personal 1"));
    CountDownLatch open = new CountDownLatch(1);
    one.bean(TestModel.class).between((items, result) -> hold(open, result));

    two.label(user, "l2");

    assertThat(two.weights(user)).isEqualTo("stale 1");
    open.countDown();
    await().until(() -> two.weights(user).equals("personal 2"));
  }

  /** RELIABILITY 19. */
  @Test
  void anErasedUserIsForgottenAtOnceHereAndSoonElsewhere() {
    one.labelAndSolve(user, "l1");
    await().until(() -> two.weights(user).equals("personal 1"));
    assertThat(one.weights(user)).isEqualTo("personal 1");

    assertThat(one.erase(user)).isEqualTo(204);

    assertThat(one.weights(user)).isEqualTo("prior 0");
    await().until(() -> two.weights(user).equals("prior 0"));
  }

  @Test
  void aChangeMadeWhileTheListeningConnectionIsCutIsSeenAfterwards() {
    one.labelAndSolve(user, "l1");
    await().until(() -> two.weights(user).equals("personal 1"));
    long ones = one.bean(UserChanges.class).session();
    long twos = two.bean(UserChanges.class).session();

    int killed =
        one.bean(JdbcClient.class)
            .sql(
                """
                select pg_terminate_backend(pid) from pg_stat_activity
                where application_name = 'palate-listener' and datname = current_database()
                """)
            .query(Boolean.class)
            .list()
            .size();
    one.labelAndSolve(user, "l2");

    assertThat(killed).isEqualTo(2);
    await().until(() -> two.weights(user).equals("personal 2"));
    one.awaitListening(ones);
    two.awaitListening(twos);
    assertThat(two.weights(user)).isEqualTo("personal 2");
  }

  /** RELIABILITY 18. */
  @Test
  void afterAChangeOfModelTheOldOnesWeightsDoNotServe() {
    one.labelAndSolve(user, "l1");
    await().until(() -> two.weights(user).equals("personal 1"));

    two.bean(TestModel.class).serveVersion("ffffffff");

    assertThat(two.weights(user)).isEqualTo("prior 0");
    two.bean(TestModel.class).reset();
    assertThat(two.weights(user)).isEqualTo("personal 1");
  }

  @Test
  void aNotificationNamesNobody() {
    String payload =
        one.bean(JdbcClient.class)
            .sql("select left(encode(sha256(convert_to(?, 'UTF8')), 'hex'), 32)")
            .param(user)
            .query(String.class)
            .single();
    assertThat(UserDigest.of(new UserId(user)))
        .isEqualTo(
            new UserDigest(
                Long.parseUnsignedLong(payload.substring(0, 16), 16),
                Long.parseUnsignedLong(payload.substring(16), 16)));
  }

  private static ScoreResult hold(CountDownLatch open, ScoreResult result) {
    try {
      if (!open.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("The test forgot to open the gate");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return result;
  }
}
