package dev.palate.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.palate.reward.ScoreResult;
import dev.palate.user.ServiceTest;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

class BulkSolveTest extends ServiceTest {

  private static final String NEXT = "ffff0000";
  private static final int USERS = 12;

  @Autowired BulkSolves bulks;
  @Autowired BulkJob job;
  @Autowired BulkStart start;
  @Autowired Scheduler scheduler;
  @Autowired TransactionTemplate transaction;
  @Autowired DataSource pool;

  private final List<String> users = new ArrayList<>();

  /** Users with up to four labels each, solved for the first model, by their own jobs. */
  @BeforeEach
  void solvedUsers() throws Exception {
    eraseAll();
    String[] words = {"a", "abb", "cab", "ca"};
    for (int i = 0; i < USERS; i++) {
      String name = "%s-%02d".formatted(user, i);
      List<String> labels = new ArrayList<>();
      for (int l = 0; l <= i % 4; l++) {
        labels.add(one("l" + l, words[l] + "c".repeat(i % 3), "b".repeat(i % 5)));
      }
      send("POST", "/users/" + name + "/feedback", labels(String.join(",", labels)));
      users.add(name);
    }
    await().until(() -> behind("0123abcd") == 0);
    await().until(() -> scheduled() == 0);
  }

  @AfterEach
  void eraseAll() {
    model.reset();
    jdbc.sql("delete from scheduled_tasks where not picked").update();
    await().until(() -> scheduler.getCurrentlyExecuting().isEmpty());
    jdbc.sql("delete from scheduled_tasks").update();
    jdbc.sql("delete from users").update();
    jdbc.sql("delete from bulk_solve").update();
  }

  @Test
  void allUsersAreSolvedForANewModelAsTheirOwnJobsWouldSolveThem() throws Exception {
    model.serveVersion(NEXT);

    JsonNode started = send("POST", "/bulk-solves", "").json();
    JsonNode finished = awaitFinished(started.path("id").asLong());

    assertThat(finished.path("users").asInt()).isEqualTo(USERS);
    assertThat(finished.path("done").asInt()).isEqualTo(USERS);
    assertThat(finished.path("failed").asInt()).isZero();
    assertThat(behind(NEXT)).isZero();
    assertThat(scheduled()).isZero();
    assertThat(weightsUnlikeThoseOfTheirOwnJobs("expert_weights")).as("bit for bit").isZero();
    assertThat(weightsUnlikeThoseOfTheirOwnJobs("expert_weights_history")).isZero();
  }

  @Test
  void aSecondBulkJoinsTheFirst() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    model.between((items, result) -> hold(open, result));
    model.serveVersion(NEXT);

    Answer first = send("POST", "/bulk-solves", "");
    Answer second = send("POST", "/bulk-solves", "");

    assertThat(first.status()).isEqualTo(202);
    assertThat(first.json().path("status").asString()).isEqualTo("running");
    assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    open.countDown();
    awaitFinished(first.json().path("id").asLong());
  }

  @Test
  void nobodyBehindIsABulkOfNobody() throws Exception {
    JsonNode bulk = send("POST", "/bulk-solves", "").json();

    assertThat(bulk.path("status").asString()).isEqualTo("finished");
    assertThat(bulk.path("users").asInt()).isZero();
    assertThat(start.startIfBehind("0123abcd")).isFalse();
  }

  @Test
  void whatWasWrittenBeforeAKillIsNotDoneAgainAndTheRestIs() throws Exception {
    model.serveVersion(NEXT);
    AtomicInteger batches = new AtomicInteger(1);
    model.between((items, result) -> {
      if (batches.getAndDecrement() <= 0) {
        throw new OutOfMemoryError("made to die");
      }
      return result;
    });
    long bulk = startUnscheduled(3);
    List<BulkRange.Key> ranges = ranges(bulk);
    runUntilItDies(ranges);
    Set<String> before = solvedFor(NEXT);
    assertThat(before).as("the test is of no use else").hasSizeBetween(1, USERS - 1);
    model.between((items, result) -> result);

    leaveToTheScheduler(bulk);
    JsonNode finished = awaitFinished(bulk);

    assertThat(finished.path("done").asInt()).isEqualTo(USERS);
    assertThat(behind(NEXT)).isZero();
    assertThat(weightsUnlikeThoseOfTheirOwnJobs("expert_weights")).isZero();
    assertThat(
            jdbc.sql("select count(*) from expert_weights where model_version = ? and version > 1")
                .param(NEXT)
                .query(Integer.class)
                .single())
        .as("nobody is written twice")
        .isZero();
  }

  @Test
  void aLabelThatCommitsWhileItsRangeIsSolvedIsInTheFinalWeights() throws Exception {
    AtomicBoolean once = new AtomicBoolean();
    model.serveVersion(NEXT);
    model.between((items, result) -> {
      if (once.compareAndSet(false, true)) {
        feedback(users.getFirst(), one("late", "cc", "b"));
        feedback(users.getLast(), one("late", "cc", "b"));
      }
      return result;
    });

    long bulk = send("POST", "/bulk-solves", "").json().path("id").asLong();

    awaitFinished(bulk);
    for (String name : List.of(users.getFirst(), users.getLast())) {
      await().until(() -> weightsOf(name).path("status").asString().equals("current"));
      assertThat(weightsOf(name).path("solved_labels")).isEqualTo(weightsOf(name).path("labels"));
    }
    await().until(() -> scheduled() == 0);
  }

  @Test
  void olderWeightsDoNotReplaceNewerOnes() throws Exception {
    model.serveVersion(NEXT);
    long bulk = startUnscheduled(USERS);
    String name = users.getFirst();
    send(
        "POST", "/users/" + name + "/feedback", labels(one("new", "ccc", "")), "Prefer", "wait=20");
    JsonNode newer = weightsOf(name);
    assertThat(newer.path("status").asString()).isEqualTo("current");

    ranges(bulk).forEach(job::run);

    assertThat(weightsOf(name)).isEqualTo(newer);
    assertThat(behind(NEXT)).isZero();
  }

  @Test
  void anErasedUserDoesNotComeBack() throws Exception {
    String name = users.get(3);
    model.serveVersion(NEXT);
    AtomicBoolean once = new AtomicBoolean();
    model.between((items, result) -> {
      if (once.compareAndSet(false, true)) {
        try {
          send("DELETE", "/users/" + name, "");
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
      return result;
    });

    long bulk = send("POST", "/bulk-solves", "").json().path("id").asLong();

    awaitFinished(bulk);
    assertThat(weightsOf(name).path("status").asString()).isEqualTo("prior");
    assertThat(solvedFor(NEXT)).hasSize(USERS - 1);
  }

  @Test
  void aFullModelDelaysTheBulkAndLosesNothing() throws Exception {
    model.serveVersion(NEXT);
    AtomicInteger refusals = new AtomicInteger(8);
    model.between((items, result) ->
        refusals.getAndDecrement() > 0 || items.size() > 3
            ? new ScoreResult.Overloaded(Duration.ofMillis(10))
            : result);

    long bulk = send("POST", "/bulk-solves", "").json().path("id").asLong();

    assertThat(awaitFinished(bulk).path("failed").asInt()).isZero();
    assertThat(behind(NEXT)).isZero();
  }

  @Test
  void aUserWhoCannotBeSolvedIsLeftToTheirOwnJob() throws Exception {
    String name = users.get(5);
    model.serveVersion(NEXT);
    jdbc.sql(
            """
            insert into label_margin (label, model_version, margins, routing)
            select id, ?, '{1}', '{1}' from label where user_id = ?
            """)
        .param(NEXT)
        .param(name)
        .update();

    long bulk = send("POST", "/bulk-solves", "").json().path("id").asLong();

    JsonNode finished = awaitFinished(bulk);
    assertThat(finished.path("failed").asInt()).isEqualTo(1);
    assertThat(finished.path("done").asInt()).isEqualTo(USERS);
    assertThat(solvedFor(NEXT)).hasSize(USERS - 1).doesNotContain(name);
    assertThat(
            jdbc.sql("select task_name from scheduled_tasks where task_instance = ?")
                .param(name)
                .query(String.class)
                .single())
        .isEqualTo("adapt");
  }

  @Test
  void aRangeThatFailsAgainAndAgainIsLeftToItsUsersOwnJobs() throws Exception {
    model.serveVersion(NEXT);
    long bulk = startUnscheduled(USERS);

    ranges(bulk).forEach(job::giveUp);

    JsonNode finished = awaitFinished(bulk);
    assertThat(finished.path("failed").asInt()).isEqualTo(USERS);
    await().until(() -> behind(NEXT) == 0);
  }

  @Test
  void aReplicaOfAnotherModelLeavesTheRangesAlone() {
    long bulk = startUnscheduled(USERS);
    jdbc.sql("update bulk_solve set model_version = 'eeee0000' where id = ?").param(bulk).update();
    BulkRange.Key range = new BulkRange.Key(bulk, 0);

    assertThat(job.run(range)).isEqualTo(new BulkJob.Outcome.Later(Duration.ofMinutes(1)));

    jdbc.sql("update bulk_solve set started_at = now() - interval '2 days' where id = ?")
        .param(bulk)
        .update();
    assertThat(job.run(range)).as("but not for ever").isEqualTo(new BulkJob.Outcome.Finished());
    assertThat(bulks.find(bulk).orElseThrow().failed()).isEqualTo(USERS);
  }

  @Test
  void replicasAreToldOfAWholePieceAtOnce() throws Exception {
    try (Connection listening = pool.getConnection()) {
      listening.createStatement().execute("listen palate_users");
      model.serveVersion(NEXT);
      long bulk = startUnscheduled(USERS);

      ranges(bulk).forEach(job::run);

      PGNotification[] told = listening.unwrap(PGConnection.class).getNotifications(1_000);
      assertThat(told).hasSize(1);
      assertThat(told[0].getParameter()).hasSize(1 + 32 * USERS);
      listening.createStatement().execute("unlisten *");
    }
  }

  @Test
  void oneUserIsSolvedOnRequest() throws Exception {
    model.serveVersion(NEXT);

    Answer solved =
        send(
            "POST",
            "/users/" + users.getFirst() + "/expert-weights/solve",
            "",
            "Prefer",
            "wait=20");

    assertThat(solved.status()).isEqualTo(200);
    assertThat(solved.json().path("status").asString()).isEqualTo("current");
    assertThat(solved.json().path("model_version").asString()).isEqualTo(NEXT);
    assertThat(solvedFor(NEXT)).containsExactly(users.getFirst());
  }

  @Test
  void whatIsNotThereIsSaid() throws Exception {
    assertThat(send("POST", "/users/nobody/expert-weights/solve", "").problem())
        .isEqualTo("404 not_found -");
    assertThat(send("POST", "/users/no%20body/expert-weights/solve", "").problem())
        .isEqualTo("422 invalid_request user");
    assertThat(get("/bulk-solves/999999").problem()).isEqualTo("404 not_found -");
    assertThat(get("/bulk-solves/first").problem()).isEqualTo("404 not_found -");
    assertThat(send("DELETE", "/bulk-solves/1", "").problem())
        .isEqualTo("405 method_not_allowed -");
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

  private void feedback(String name, String label) {
    try {
      assertThat(send("POST", "/users/" + name + "/feedback", labels(label)).status())
          .isEqualTo(202);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode awaitFinished(long bulk) throws Exception {
    String path = "/bulk-solves/" + bulk;
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> get(path).json().path("status").asString().equals("finished"));
    return get(path).json();
  }

  private JsonNode weightsOf(String name) throws Exception {
    return get("/users/" + name + "/expert-weights").json();
  }

  /** A bulk whose ranges no scheduler knows of: the test runs them. */
  private long startUnscheduled(int usersPerRange) {
    return Objects.requireNonNull(
        transaction.execute(status -> {
          long bulk = bulks.start(NEXT, usersPerRange);
          jdbc.sql("delete from scheduled_tasks where task_name = 'bulk-solve'").update();
          return bulk;
        }));
  }

  private List<BulkRange.Key> ranges(long bulk) {
    return jdbc.sql("select number from bulk_solve_range where bulk = ? order by number")
        .param(bulk)
        .query((row, n) -> new BulkRange.Key(bulk, row.getInt(1)))
        .list();
  }

  private void runUntilItDies(List<BulkRange.Key> ranges) {
    assertThatThrownBy(() -> ranges.forEach(job::run)).hasMessage("made to die");
  }

  /** As a killed replica leaves its executions. */
  private void leaveToTheScheduler(long bulk) {
    jdbc.sql(
            """
            insert into scheduled_tasks (task_name, task_instance, execution_time, picked, picked_by,
              last_heartbeat, version)
            select 'bulk-solve', bulk || '/' || number, now() - interval '1 minute', true, 'killed',
              now() - interval '1 minute', 2
            from bulk_solve_range where bulk = ?
            """)
        .param(bulk)
        .update();
  }

  private long behind(String version) {
    return jdbc.sql(
            """
            select count(*) from users u
            left join expert_weights w on w.user_id = u.id and w.model_version = ?
            where coalesce(w.solved_seq, 0) < u.feedback_seq
            """)
        .param(version)
        .query(Long.class)
        .single();
  }

  private long scheduled() {
    return jdbc.sql("select count(*) from scheduled_tasks").query(Long.class).single();
  }

  private Set<String> solvedFor(String version) {
    return new HashSet<>(
        jdbc.sql("select user_id from expert_weights where model_version = ?")
            .param(version)
            .query(String.class)
            .list());
  }

  /** The model counts letters whatever its version: its users' weights must be the same. */
  private long weightsUnlikeThoseOfTheirOwnJobs(String table) {
    return jdbc.sql(
            """
            select count(*) from expert_weights own left join %s bulk
              on bulk.user_id = own.user_id and bulk.model_version = ?
            where own.model_version = '0123abcd' and
              (bulk.version, bulk.shift, bulk.uncertainty, bulk.significant, bulk.agreement,
                bulk.solved_seq, bulk.labels)
              is distinct from
              (1, own.shift, own.uncertainty, own.significant, own.agreement, own.solved_seq,
                own.labels)
            """
                .formatted(table))
        .param(NEXT)
        .query(Long.class)
        .single();
  }
}
