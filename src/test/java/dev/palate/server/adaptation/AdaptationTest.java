package dev.palate.server.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreResult;
import dev.palate.server.bulk.BulkStart;
import dev.palate.server.changes.WeightsSolved;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;

class AdaptationTest extends ServiceTest {

  @Autowired BulkStart bulk;
  @Autowired Scheduler scheduler;
  @Autowired ConfigurableApplicationContext context;

  /** Holds the job between its reading of labels and its writing of weights. */
  private static final class Gate {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch open = new CountDownLatch(1);

    ScoreResult hold(List<ScoreItem> items, ScoreResult result) {
      reached.countDown();
      try {
        if (!open.await(30, TimeUnit.SECONDS)) {
          throw new IllegalStateException("The test forgot to open the gate");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return result;
    }

    void awaitReached() throws InterruptedException {
      assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aLabelThatCommitsWhileTheJobRunsIsInTheFinalWeights() throws Exception {
    Gate gate = new Gate();
    model.between(gate::hold);
    label(one("l1", "a", "b"));
    gate.awaitReached();

    assertThat(label(one("l2", "cc", "b")).status()).isEqualTo(202);
    model.reset();
    gate.open.countDown();

    await().until(() -> weights().path("solved_labels").asInt() == 2);
    await().until(() -> jobs() == 0);
    assertThat(weights().path("status").asString()).isEqualTo("current");
  }

  @Test
  void aLabelThatCommitsBetweenTheWriteAndTheEndOfTheJobIsInTheFinalWeights() throws Exception {
    AtomicBoolean once = new AtomicBoolean();
    ApplicationListener<PayloadApplicationEvent<WeightsSolved>> listener =
        event -> {
          if (event.getPayload().user().value().equals(user) && once.compareAndSet(false, true)) {
            labelUnchecked(one("l2", "cc", "b"));
          }
        };
    context.addApplicationListener(listener);

    label(one("l1", "a", "b"));

    await().until(() -> weights().path("solved_labels").asInt() == 2);
    await().until(() -> jobs() == 0);
  }

  @Test
  void aClientWaitsNoLongerThanItWished() throws Exception {
    Gate gate = new Gate();
    model.between(gate::hold);

    Answer answer = label(one("l1", "a", "b"), "Prefer", "wait=1");

    assertThat(answer.status()).isEqualTo(202);
    model.reset();
    gate.open.countDown();
    awaitIdle();
  }

  @Test
  void aJobWhoseInstanceWasKilledIsTakenOver() {
    jdbc.sql("insert into users (id, incarnation, feedback_seq) values (?, gen_random_uuid(), 1)")
        .param(user)
        .update();
    jdbc.sql(
            """
            insert into label (user_id, label_id, prompt, chosen, rejected, strength, content_hash)
            values (?, 'l1', 'p', 'a', 'b', 1, '')
            """)
        .param(user)
        .update();
    jdbc.sql(
            """
            insert into scheduled_tasks (task_name, task_instance, execution_time, picked, picked_by,
              last_heartbeat, version)
            values ('adapt', ?, now() - interval '1 minute', true, 'killed',
              now() - interval '1 minute', 2)
            """)
        .param(user)
        .update();

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> weights().path("status").asString().equals("current"));
  }

  @Test
  void aLabelDeletedWhileTheJobRunsIsNotInTheFinalWeights() throws Exception {
    Gate gate = new Gate();
    model.between(gate::hold);
    label(one("l1", "a", "b") + "," + one("l2", "cc", "b"));
    gate.awaitReached();

    assertThat(send("DELETE", "/users/" + user + "/feedback/l2", "").status()).isEqualTo(204);
    model.reset();
    gate.open.countDown();

    await().until(() -> weights().path("status").asString().equals("current"));
    assertThat(weights().path("solved_labels").asInt()).isEqualTo(1);
  }

  @Test
  void aRunningJobDoesNotBringAnErasedUserBack() throws Exception {
    Gate gate = new Gate();
    model.between(gate::hold);
    label(one("l1", "a", "b"));
    gate.awaitReached();

    assertThat(send("DELETE", "/users/" + user, "").status()).isEqualTo(204);
    model.reset();
    gate.open.countDown();
    awaitIdle();

    assertThat(weights().path("status").asString()).isEqualTo("prior");
    assertThat(stored("label") + stored("expert_weights") + stored("expert_weights_history"))
        .isZero();
    assertThat(jobs()).isZero();
  }

  @Test
  void aUserWhoComesAgainWhileTheErasedOnesJobRunsHasOnlyTheNewLabels() throws Exception {
    Gate gate = new Gate();
    model.between(gate::hold);
    label(one("l1", "a", "b") + "," + one("l2", "a", ""));
    gate.awaitReached();
    send("DELETE", "/users/" + user, "");
    model.reset();
    label(one("l1", "ccc", "b"));

    await().until(() -> weights().path("status").asString().equals("current"));
    gate.open.countDown();
    awaitIdle();

    await().until(() -> jobs() == 0);
    assertThat(weights().path("solved_labels").asInt()).isEqualTo(1);
    assertThat(weights().path("version").asInt()).isEqualTo(1);
  }

  @Test
  void erasureTakesAllThatIsTheUsers() throws Exception {
    label(one("l1", "a", "b"), "Idempotency-Key", "k");
    labelAndSolve(one("l2", "a", "b"));

    assertThat(send("DELETE", "/users/" + user, "").status()).isEqualTo(204);

    for (String table :
        List.of("label", "expert_weights", "expert_weights_history", "idempotency")) {
      assertThat(stored(table)).as(table).isZero();
    }
    assertThat(
            jdbc.sql(
                    "select count(*) from label_margin m left join label l on l.id = m.label where l.id is null")
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  void afterASolveNoJobIsLeftOver() throws Exception {
    labelAndSolve(one("l1", "a", "b"));

    await().until(() -> jobs() == 0);
  }

  @Test
  void aLabelIsScoredOnceForAllSolvesToCome() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    AtomicInteger scored = new AtomicInteger();
    model.between((items, result) -> {
      scored.addAndGet(items.size());
      return result;
    });

    labelAndSolve(one("l2", "a", "b"));

    assertThat(scored).hasValue(1);
  }

  @Test
  void aFullModelDelaysTheSolveAndLosesNothing() throws Exception {
    AtomicInteger refusals = new AtomicInteger(3);
    model.between((items, result) ->
        refusals.getAndDecrement() > 0
            ? new ScoreResult.Overloaded(Duration.ofMillis(10))
            : result);

    assertThat(labelAndSolve(one("l1", "a", "b")).path("solved_labels").asInt()).isEqualTo(1);
  }

  @Test
  void aBatchThatIsTooLargeForTheModelIsHalved() throws Exception {
    model.between((items, result) ->
        items.size() > 2 ? new ScoreResult.Overloaded(Duration.ofMinutes(1)) : result);

    String labels =
        IntStream.range(0, 16)
            .mapToObj(i -> one("l" + i, "a" + i, "b"))
            .collect(Collectors.joining(","));
    assertThat(labelAndSolve(labels).path("solved_labels").asInt()).isEqualTo(16);
  }

  @Test
  void aLabelWithoutFiniteScoresDoesNotHoldUpTheOthers() throws Exception {
    model.between((items, result) -> {
      for (int i = 0; i < items.size(); i++) {
        if (items.get(i).responses().contains("poison")) {
          return new ScoreResult.NotFinite(i);
        }
      }
      return result;
    });

    var solved =
        labelAndSolve(
            one("l1", "a", "b") + "," + one("l2", "poison", "b") + "," + one("l3", "a", "c"));

    assertThat(solved.path("labels").asInt()).isEqualTo(3);
    assertThat(solved.path("solved_labels").asInt()).isEqualTo(2);
  }

  @Test
  void aJobThatFailsRunsAgain() throws Exception {
    AtomicInteger failures = new AtomicInteger(1);
    model.between((items, result) -> {
      if (failures.getAndDecrement() > 0) {
        throw new IllegalStateException("made to fail");
      }
      return result;
    });

    assertThat(labelAndSolve(one("l1", "a", "b")).path("status").asString()).isEqualTo("current");
  }

  @Test
  void aNewModelVersionIsCaughtUpWithByTheSweep() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    await().until(() -> jobs() == 0);
    model.serveVersion("ffff0000");

    bulk.start("ffff0000");

    await().until(() -> weights().path("status").asString().equals("current"));
    assertThat(weights().path("model_version").asString()).isEqualTo("ffff0000");
    assertThat(weights().path("version").asInt()).isEqualTo(1);
  }

  @Test
  void aLostJobIsFoundByTheSweep() throws Exception {
    Gate gate = new Gate();
    model.between(gate::hold);
    label(one("l1", "a", "b"));
    gate.awaitReached();
    jdbc.sql("delete from scheduled_tasks where task_instance = ?").param(user).update();
    jdbc.sql("update users set incarnation = gen_random_uuid() where id = ?").param(user).update();
    model.reset();
    gate.open.countDown();

    assertThat(bulk.startIfBehind("0123abcd")).isTrue();

    await().until(() -> weights().path("status").asString().equals("current"));
  }

  @Test
  void manyUsersAtOnceAllEndUpCurrent() throws Exception {
    for (int i = 0; i < 40; i++) {
      send("POST", "/users/" + user + "-" + i + "/feedback", labels(one("l", "a", "b")));
    }

    for (int i = 0; i < 40; i++) {
      String path = "/users/" + user + "-" + i + "/expert-weights";
      await().until(() -> get(path).json().path("status").asString().equals("current"));
    }
  }

  private void labelUnchecked(String label) {
    try {
      assertThat(label(label).status()).isEqualTo(202);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** What ran before has had its chance to write. */
  private void awaitIdle() {
    await().until(() -> scheduler.getCurrentlyExecuting().isEmpty());
  }

  private long jobs() {
    return jdbc.sql("select count(*) from scheduled_tasks where task_instance = ?")
        .param(user)
        .query(Long.class)
        .single();
  }
}
