package dev.palate.server.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.palate.core.model.ScoreResult;
import dev.palate.reliability.Reliability;
import dev.palate.server.bulk.BulkReplicasTest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

/** Instances' clocks jump an hour either way: no job is lost, none runs for ever. */
@Import(ClockJumpTest.Jumping.class)
class ClockJumpTest extends ServiceTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @Autowired JumpingClock clock;
  @Autowired Scheduler scheduler;
  @Autowired JdbcConnectionDetails database;

  /** The system's clock, set forward or back. */
  static final class JumpingClock extends Clock {
    private volatile Duration ahead = Duration.ZERO;

    void jump(Duration toAhead) {
      ahead = toAhead;
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class Jumping {
    @Bean
    @Primary
    JumpingClock jumpingClock() {
      return new JumpingClock();
    }
  }

  @AfterEach
  void setRight() {
    scheduler.resume();
    clock.jump(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1H", "-PT1H"})
  void feedbackIsSolvedAtOnceBeforeAtAndAfterAJump(Duration jump) throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    clock.jump(jump);
    labelAndSolve(one("l2", "a", "b"));
    clock.jump(Duration.ZERO);

    assertThat(labelAndSolve(one("l3", "a", "b")).path("solved_labels").asInt()).isEqualTo(3);

    await().until(() -> jobs() == 0);
    Reliability.record(
        22, "clock jumps by " + jump + " and back", "feedback solved at once, no job left");
  }

  @Test
  void aClockSetBackAfterARunDoesNotHoldUpTheNextThatItCalledFor() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(1);
    model.between((items, result) -> hold(reached, open, result));
    label(one("l1", "a", "b"));
    assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
    scheduler.pause();
    clock.jump(HOUR);
    label(one("l2", "a", "b"));
    model.reset();
    open.countDown();
    await().until(() -> scheduler.getCurrentlyExecuting().isEmpty());
    assertThat(jobs()).as("called for by the second label").isEqualTo(1);

    clock.jump(Duration.ZERO);
    scheduler.resume();

    await().until(() -> weights().path("solved_labels").asInt() == 2);
    await().until(() -> jobs() == 0);
  }

  @Test
  void aRetryThatWasPutOffUnderAClockAheadWaitsAMinuteAndNotAnHour() throws Exception {
    AtomicBoolean fails = new AtomicBoolean(true);
    model.between((items, result) -> {
      if (fails.getAndSet(false)) {
        scheduler.pause();
        clock.jump(HOUR);
        throw new IllegalStateException("made to fail");
      }
      return result;
    });
    label(one("l1", "a", "b"));
    await().until(() -> !fails.get() && scheduler.getCurrentlyExecuting().isEmpty());
    clock.jump(Duration.ZERO);
    assertThat(jobs()).isEqualTo(1);

    await().atMost(Duration.ofSeconds(30)).until(() -> dueInSeconds() < 61);
    scheduler.resume();
    assertThat(weights().path("status").asString()).isEqualTo("pending");
    clock.jump(Duration.ofSeconds(61));

    await().until(() -> weights().path("status").asString().equals("current"));
    await().until(() -> jobs() == 0);
    Reliability.record(
        22, "put off by a clock an hour ahead, which is set right", "tried again after a minute");
  }

  /**
   * To the one that is ahead, whatever the other runs looks as if it had been without a heartbeat
   * for two hours, so it runs it too. Both come to the same weights, and both end.
   */
  @Test
  void twoReplicasWhoseClocksAreTwoHoursApartLoseNoJobAndEndEach() throws Exception {
    clock.jump(HOUR.negated());
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch open = new CountDownLatch(1);
    model.between((items, result) -> hold(reached, open, result));
    label(one("l1", "a", "b"));
    assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();

    try (ConfigurableApplicationContext other = otherReplica()) {
      other.getBean(JumpingClock.class).jump(HOUR);

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> weights().path("status").asString().equals("current"));
      open.countDown();
      model.reset();
      for (int i = 0; i < 40; i++) {
        send("POST", "/users/" + user + "-" + i + "/feedback", labels(one("l", "a", "b")));
      }
      for (int i = 0; i < 40; i++) {
        String path = "/users/" + user + "-" + i + "/expert-weights";
        await().until(() -> get(path).json().path("status").asString().equals("current"));
      }

      await().until(() -> allJobs() == 0);
      await().until(() -> scheduler.getCurrentlyExecuting().isEmpty());
      await().until(() -> other.getBean(Scheduler.class).getCurrentlyExecuting().isEmpty());
      assertThat(weights().path("solved_labels").asInt()).isEqualTo(1);
      assertThat(model.calls() + other.getBean(TestModel.class).calls())
          .as("runs are bounded")
          .isLessThan(3 * 41);
    }
    Reliability.record(
        22, "two replicas, clocks two hours apart, 41 users", "all solved, no job left or running");
  }

  private ConfigurableApplicationContext otherReplica() {
    return new SpringApplicationBuilder(BulkReplicasTest.Rooms.class, Jumping.class)
        .run(
            "--server.port=0",
            "--test.model-version=" + model.bundle().version(),
            "--spring.datasource.url=" + database.getJdbcUrl(),
            "--spring.datasource.username=" + database.getUsername(),
            "--spring.datasource.password=" + database.getPassword(),
            "--management.endpoint.health.validate-group-membership=false",
            "--logging.level.io.zonky=WARN");
  }

  private static ScoreResult hold(CountDownLatch reached, CountDownLatch open, ScoreResult result) {
    reached.countDown();
    try {
      if (!open.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("The test forgot to open the gate");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return result;
  }

  private double dueInSeconds() {
    return jdbc.sql(
            """
            select extract(epoch from execution_time - now())::float8 from scheduled_tasks
            where task_instance = ?
            """)
        .param(user)
        .query(Double.class)
        .single();
  }

  private long jobs() {
    return jobsLike(user);
  }

  private long allJobs() {
    return jobsLike(user + "%");
  }

  private long jobsLike(String users) {
    return jdbc.sql("select count(*) from scheduled_tasks where task_instance like ?")
        .param(users)
        .query(Long.class)
        .single();
  }
}
