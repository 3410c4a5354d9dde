package dev.palate.server.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.core.model.ScoreResult;
import dev.palate.server.adaptation.TestModel;
import dev.palate.server.database.PostgresTestSupport;
import dev.palate.server.store.UserId;
import dev.palate.tier.NeedsPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/** Two replicas on one PostgreSQL. */
@NeedsPostgres
public class BulkReplicasTest {

  private static final int USERS = 12;

  // marks it as a test, which the room's own tests' component scan passes over
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
  public static class Rooms {
    @Bean
    TestModel testModel(@Value("${test.model-version}") String version) {
      TestModel model = new TestModel();
      model.serveVersion(version);
      return model;
    }
  }

  /** How a fleet is upgraded: the first replica with the new model starts the bulk, all do it. */
  @Test
  void aStartWithAnotherModelVersionSolvesAllUsersAndReplicasShareTheRanges() {
    try (ConfigurableApplicationContext one = start("11111111", PostgresTestSupport.class)) {
      JdbcClient jdbc = one.getBean(JdbcClient.class);
      storeUsers(jdbc);
      JdbcConnectionDetails database = one.getBean(JdbcConnectionDetails.class);
      TestModel first = one.getBean(TestModel.class);
      first.serveVersion("22222222");
      CountDownLatch bothTakePart = new CountDownLatch(2);
      awaitTheOther(first, new CountDownLatch(1), bothTakePart);
      try (ConfigurableApplicationContext two =
          start(
              "22222222",
              null,
              "--spring.datasource.url=" + database.getJdbcUrl(),
              "--spring.datasource.username=" + database.getUsername(),
              "--spring.datasource.password=" + database.getPassword())) {
        awaitTheOther(two.getBean(TestModel.class), new CountDownLatch(1), bothTakePart);

        await().until(() -> solved(jdbc) == USERS);
        assertThat(bothTakePart.getCount()).as("replicas that took no part").isZero();
        await()
            .until(() ->
                jdbc.sql("select count(*) from bulk_solve where finished_at is not null")
                        .query(Integer.class)
                        .single()
                    == 1);
        assertThat(jdbc.sql("select max(version) from expert_weights").query(Long.class).single())
            .as("each user is solved once")
            .isEqualTo(1);
      }
    }
  }

  /** A replica's first batch waits until the other has one too. */
  private static void awaitTheOther(TestModel model, CountDownLatch once, CountDownLatch both) {
    model.between((items, result) -> {
      synchronized (once) {
        if (once.getCount() > 0) {
          once.countDown();
          both.countDown();
        }
      }
      return hold(both, result);
    });
  }

  private static ScoreResult hold(CountDownLatch open, ScoreResult result) {
    try {
      if (!open.await(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("The other replica took no part");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return result;
  }

  private static ConfigurableApplicationContext start(
      String modelVersion, @Nullable Class<?> more, String... options) {
    List<Class<?>> sources = new ArrayList<>(List.of(Rooms.class));
    if (more != null) {
      sources.add(more);
    }
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(
        List.of(
            "--server.port=0",
            "--test.model-version=" + modelVersion,
            // one user a range, and one range at a time: else the first takes them all
            "--palate.adaptation.bulk-range=1",
            "--db-scheduler.threads=2",
            "--management.endpoint.health.validate-group-membership=false",
            "--logging.level.io.zonky=WARN"));
    return new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
        .run(all.toArray(String[]::new));
  }

  private static void storeUsers(JdbcClient jdbc) {
    jdbc.sql(
            """
            insert into users (id, incarnation, feedback_seq)
            select 'user-' || i, gen_random_uuid(), 1 from generate_series(1, ?) i
            """)
        .param(USERS)
        .update();
    jdbc.sql(
            """
            insert into label (user_id, label_id, prompt, chosen, rejected, strength, content_hash)
            select id, 'l1', 'p', 'a', 'b', 1, '' from users
            """)
        .update();
  }

  private static int solved(JdbcClient jdbc) {
    return jdbc.sql("select count(*) from expert_weights where model_version = '22222222'")
        .query(Integer.class)
        .single();
  }
}
