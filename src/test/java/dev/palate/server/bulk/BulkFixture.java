package dev.palate.server.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.palate.core.model.ScoreResult;
import dev.palate.server.adaptation.ServiceTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/**
 * Users who were solved for one model by their own jobs, and what a test asks of a bulk solve for
 * the next.
 */
abstract class BulkFixture extends ServiceTest {

  static final String NEXT = "ffff0000";
  static final int USERS = 12;

  @Autowired BulkSolves bulks;
  @Autowired BulkJob job;
  @Autowired BulkStart start;
  @Autowired Scheduler scheduler;
  @Autowired TransactionTemplate transaction;
  @Autowired DataSource pool;

  final List<String> users = new ArrayList<>();

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

  static ScoreResult hold(CountDownLatch open, ScoreResult result) {
    try {
      if (!open.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("The test forgot to open the gate");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return result;
  }

  void feedback(String name, String label) {
    try {
      assertThat(send("POST", "/users/" + name + "/feedback", labels(label)).status())
          .isEqualTo(202);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  JsonNode awaitFinished(long bulk) throws Exception {
    String path = "/bulk-solves/" + bulk;
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> get(path).json().path("status").asString().equals("finished"));
    return get(path).json();
  }

  JsonNode weightsOf(String name) throws Exception {
    return get("/users/" + name + "/expert-weights").json();
  }

  /** A bulk whose ranges no scheduler knows of: the test runs them. */
  long startUnscheduled(int usersPerRange) {
    return startUnscheduled(NEXT, usersPerRange);
  }

  long startUnscheduledFor(String modelVersion) {
    return startUnscheduled(modelVersion, USERS);
  }

  private long startUnscheduled(String modelVersion, int usersPerRange) {
    return Objects.requireNonNull(
        transaction.execute(status -> {
          long bulk = bulks.start(modelVersion, usersPerRange);
          jdbc.sql("delete from scheduled_tasks where task_name = 'bulk-solve'").update();
          return bulk;
        }));
  }

  List<BulkRange.Key> ranges(long bulk) {
    return jdbc.sql("select number from bulk_solve_range where bulk = ? order by number")
        .param(bulk)
        .query((row, n) -> new BulkRange.Key(bulk, row.getInt(1)))
        .list();
  }

  void runUntilItDies(List<BulkRange.Key> ranges) {
    assertThatThrownBy(() -> ranges.forEach(job::run)).hasMessage("made to die");
  }

  /** As a killed replica leaves its executions. */
  void leaveToTheScheduler(long bulk) {
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

  long behind(String version) {
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

  long scheduled() {
    return jdbc.sql("select count(*) from scheduled_tasks").query(Long.class).single();
  }

  Set<String> solvedFor(String version) {
    return new HashSet<>(
        jdbc.sql("select user_id from expert_weights where model_version = ?")
            .param(version)
            .query(String.class)
            .list());
  }

  /** The model counts letters whatever its version: its users' weights must be the same. */
  long weightsUnlikeThoseOfTheirOwnJobs(String table) {
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
