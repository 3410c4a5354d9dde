package dev.palate.adaptation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.palate.reward.ScoreResult;
import dev.palate.user.Retention;
import dev.palate.user.Retention.Position;
import dev.palate.user.ServiceTest;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Texts are dropped after a day; what was learned from them stays. */
@TestPropertySource(properties = "palate.retention.label-texts=1d")
class RetentionTest extends ServiceTest {

  private static final String NEXT = "ffff0000";

  @Autowired RetentionJob job;
  @Autowired Retention retention;
  @Autowired BulkSolves bulks;
  @Autowired BulkStart bulk;
  @Autowired Scheduler scheduler;
  @Autowired TransactionTemplate transaction;
  @Autowired MeterRegistry meters;

  /** The sweep comes when a test calls it. */
  @BeforeEach
  void quiet() {
    jdbc.sql(
            """
            update scheduled_tasks set execution_time = now() + interval '1 day'
            where task_name = 'retention'
            """)
        .update();
    await().until(() -> scheduler.getCurrentlyExecuting().isEmpty());
    jdbc.sql("delete from users").update();
    jdbc.sql("delete from bulk_solve").update();
  }

  private void age(String... labels) {
    jdbc.sql(
            """
            update label set created_at = created_at - interval '25 hours'
            where user_id = ? and label_id = any (?)
            """)
        .param(user)
        .param(labels)
        .update();
  }

  private List<String> withTexts() {
    return jdbc.sql("select label_id from label where prompt is not null order by id")
        .query((row, n) -> row.getString(1))
        .list();
  }

  private JsonNode solve() throws Exception {
    Answer answer =
        send("POST", "/users/" + user + "/expert-weights/solve", "", "Prefer", "wait=20");
    assertThat(answer.status()).isEqualTo(200);
    return answer.json();
  }

  /** As rows of text, to the last bit. */
  private String numbers(String modelVersion) {
    return jdbc.sql(
            """
            select encode(array_send(shift) || array_send(uncertainty) || float8send(agreement), 'hex')
              || significant::text || labels
            from expert_weights where user_id = ? and model_version = ?
            """)
        .param(user)
        .param(modelVersion)
        .query(String.class)
        .single();
  }

  @Test
  void oldTextsGoAndYoungOnesStay() throws Exception {
    labelAndSolve(
        one("old", "abc", "b") + "," + one("young", "a", "b") + "," + one("old2", "c", "b"));
    age("old", "old2");
    double before = meters.counter("palate.retention.labels.texts.dropped").count();

    assertThat(job.run()).isTrue();

    assertThat(withTexts()).containsExactly("young");
    JsonNode labels = get("/users/" + user + "/feedback").json().path("labels");
    assertThat(labels.path(0).propertyNames()).containsExactly("id", "strength", "created_at");
    assertThat(labels.path(1).path("chosen").asString()).isEqualTo("a");
    JsonNode exported = get("/users/" + user + "/export").json().path("labels").path(0);
    assertThat(exported.propertyNames())
        .containsExactly("id", "strength", "created_at", "content_hash", "margins");
    assertThat(exported.at("/margins/0/margins")).hasSize(3);
    assertThat(meters.counter("palate.retention.labels.texts.dropped").count() - before)
        .isEqualTo(2);
  }

  @Test
  void theTextsOfALabelStayUntilTheModelThatServesHasScoredIt() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    age("l1");
    model.serveVersion(NEXT);

    job.run();
    assertThat(withTexts()).as("the model before had scored it").containsExactly("l1");

    solve();
    job.run();
    assertThat(withTexts()).isEmpty();
    assertThat(weights().path("solved_labels").asInt()).isEqualTo(1);
  }

  @Test
  void aLabelThatIsSetAsideIsScoredEnough() throws Exception {
    model.between((items, result) -> new ScoreResult.NotFinite(0));
    labelAndSolve(one("l1", "a", "b"));
    age("l1");

    job.run();

    assertThat(withTexts()).isEmpty();
  }

  @Test
  void withoutTheTextsASolveGivesTheSameWeightsBitForBit() throws Exception {
    labelAndSolve(
        one("l1", "aab", "b") + "," + one("l2", "ca", "bb") + "," + one("l3", "c", "a"));
    String before = numbers("0123abcd");
    age("l1", "l2", "l3");
    job.run();
    assertThat(withTexts()).isEmpty();

    jdbc.sql("update users set feedback_seq = feedback_seq + 1 where id = ?").param(user).update();
    assertThat(solve().path("version").asInt()).as("solved anew").isEqualTo(2);

    assertThat(numbers("0123abcd")).isEqualTo(before);
  }

  @Test
  void theSameLabelSentAgainIsADuplicateStillAndOtherContentAConflict() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    age("l1");
    job.run();

    assertThat(label(one("l1", "a", "b")).json().path("duplicates").asInt()).isEqualTo(1);
    assertThat(label(one("l1", "a", "c")).problem()).isEqualTo("409 label_conflict labels[0].id");
    assertThat(withTexts()).as("a duplicate brings no text back").isEmpty();
  }

  @Test
  void aNewModelPassesLabelsWithoutTextsOverInTheUsersOwnJob() throws Exception {
    labelAndSolve(one("young", "a", "bc"));
    model.serveVersion(NEXT);
    solve();
    String alone = numbers(NEXT);
    model.reset();
    jdbc.sql("delete from users").update();
    labelAndSolve(one("old", "ccc", "b") + "," + one("young", "a", "bc"));
    age("old");
    job.run();
    model.serveVersion(NEXT);

    JsonNode solved = solve();

    assertThat(solved.path("status").asString()).isEqualTo("current");
    assertThat(solved.path("labels").asInt()).isEqualTo(2);
    assertThat(solved.path("solved_labels").asInt()).isEqualTo(1);
    assertThat(numbers(NEXT)).as("as if the old one had never been").isEqualTo(alone);
  }

  @Test
  void aNewModelPassesLabelsWithoutTextsOverInBulk() throws Exception {
    String other = user + "-2";
    labelAndSolve(one("old", "ccc", "b") + "," + one("young", "a", "bc"));
    send("POST", "/users/" + other + "/feedback", labels(one("old", "a", "b")));
    await()
        .until(() -> {
          JsonNode weights = get("/users/" + other + "/expert-weights").json();
          return weights.path("status").asString().equals("current");
        });
    jdbc.sql("update label set created_at = now() - interval '2 days' where label_id = 'old'")
        .update();
    job.run();
    model.serveVersion(NEXT);

    long id = bulk.start(NEXT);

    await().until(() -> !bulks.anyRuns());
    JsonNode finished = get("/bulk-solves/" + id).json();
    assertThat(finished.path("done").asInt()).isEqualTo(2);
    assertThat(finished.path("failed").asInt()).isZero();
    String inBulk = numbers(NEXT);
    JsonNode none = get("/users/" + other + "/expert-weights").json();
    assertThat(none.path("status").asString()).isEqualTo("current");
    assertThat(none.path("labels").asInt()).isEqualTo(1);
    assertThat(none.path("solved_labels").asInt()).isZero();
    assertThat(shift(none, 0)).as("the prior's").isEqualTo((double) 0.1f);
    for (String table : List.of("expert_weights", "expert_weights_history")) {
      jdbc.sql("delete from " + table + " where model_version = ?").param(NEXT).update();
    }
    solve();
    assertThat(numbers(NEXT)).as("the user's own job's").isEqualTo(inBulk);
  }

  @Test
  void whileABulkSolveRunsTextsStay() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    age("l1");
    jdbc.sql("insert into bulk_solve (model_version, users) values ('eeee0000', 1)").update();

    assertThat(job.run()).isTrue();
    assertThat(withTexts()).containsExactly("l1");

    jdbc.sql("update bulk_solve set finished_at = now()").update();
    job.run();
    assertThat(withTexts()).isEmpty();
  }

  @Test
  void aBacklogGoesInTransactionsOfFiveThousandAndWhatIsYetToBeScoredIsPassedOver() {
    store(12_000, "scored");
    store(300, "unscored");
    jdbc.sql("delete from label_margin m using label l where l.id = m.label and l.label_id like 'un%'")
        .update();
    jdbc.sql("update label set created_at = created_at - interval '1 day' where label_id like 'un%'")
        .update();

    await().until(job::run);

    assertThat(withTexts()).hasSize(300).allMatch(label -> label.startsWith("unscored"));
    assertThat(
            jdbc.sql(
                    """
                    select count(*) from label where prompt is null group by xmin
                    order by count(*) desc
                    """)
                .query(Integer.class)
                .list())
        .as("rows by the transaction that wrote them")
        .containsExactly(5_000, 5_000, 2_000);
  }

  @Test
  void twoSweepsAtOnceShareTheLabelsAndWaitForNobody() throws Exception {
    store(10, "l");
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      int[] shares = new int[2];
      transaction.executeWithoutResult(status -> {
        shares[0] = drop(4).labels();
        try {
          shares[1] = other.submit(() -> drop(100).labels()).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
          throw new AssertionError("The second sweep waits for the first", e);
        }
      });

      assertThat(shares).containsExactly(4, 6);
      assertThat(withTexts()).isEmpty();
    }
  }

  @Test
  void feedbackIsTakenAndMarginsAreStoredWhileASweepHoldsItsRows() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    age("l1");
    model.serveVersion(NEXT);
    transaction.executeWithoutResult(status -> {
      assertThat(retention.dropTexts(Duration.ofDays(1), "0123abcd", Position.START, 9).labels())
          .isEqualTo(1);
      try {
        assertThat(labelAndSolve(one("l2", "a", "b")).path("solved_labels").asInt()).isEqualTo(2);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    });
  }

  @Test
  void aLabelHasAllOfItsTextsOrNone() throws Exception {
    labelAndSolve(one("l1", "a", "b"));

    assertThatThrownBy(() -> jdbc.sql("update label set prompt = null").update())
        .isInstanceOf(DataIntegrityViolationException.class)
        .hasMessageContaining("label_texts");
  }

  @Test
  void idempotencyKeysGoAfterADay() throws Exception {
    label(one("l1", "a", "b"), "Idempotency-Key", "old");
    label(one("l2", "a", "b"), "Idempotency-Key", "young");
    jdbc.sql("update idempotency set created_at = now() - interval '25 hours' where key = 'old'")
        .update();

    job.run();

    assertThat(jdbc.sql("select key from idempotency").query(String.class).list())
        .containsExactly("young");
  }

  @Test
  void theBordersOfABulksRangesNameNobodyOnceTheyAreOver() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    model.serveVersion(NEXT);
    long id = bulk.start(NEXT);
    await().until(() -> !bulks.anyRuns());
    String borders = "select reached || last_user from bulk_solve_range";
    assertThat(jdbc.sql(borders).query(String.class).single()).contains(user);

    job.run();

    assertThat(jdbc.sql(borders).query(String.class).single()).isEmpty();
    assertThat(get("/bulk-solves/" + id).json().path("done").asInt()).isEqualTo(1);
  }

  @Test
  void theSweepIsOneTaskOfTheWholeClusterAndComesAgainInAnHour() throws Exception {
    labelAndSolve(one("l1", "a", "b"));
    age("l1");
    jdbc.sql("update scheduled_tasks set execution_time = now() where task_name = 'retention'")
        .update();
    scheduler.triggerCheckForDueExecutions();

    await().until(() -> withTexts().isEmpty());

    String minutes =
        """
        select extract(epoch from execution_time - now()) / 60 from scheduled_tasks
        where task_name = 'retention' and not picked
        """;
    await()
        .untilAsserted(() ->
            assertThat(jdbc.sql(minutes).query(Double.class).list())
                .singleElement()
                .satisfies(next -> assertThat(next).isBetween(58.0, 61.0)));
  }

  private Retention.Dropped drop(int limit) {
    return retention.dropTexts(Duration.ofDays(1), "0123abcd", Position.START, limit);
  }

  /** Old labels, all scored. */
  private void store(int labels, String name) {
    jdbc.sql(
            """
            insert into users (id, incarnation, feedback_seq) values (?, gen_random_uuid(), 0)
            on conflict do nothing
            """)
        .param(user)
        .update();
    jdbc.sql(
            """
            with stored as (
              insert into label (user_id, label_id, prompt, chosen, rejected, strength, content_hash,
                created_at)
              select ?, ? || i, 'p', 'a', 'b', 1, '', now() - interval '2 days'
              from generate_series(1, ?) i returning id
            )
            insert into label_margin (label, model_version, margins, routing)
            select id, '0123abcd', '{1,2,3}', '{0.5,0.3,0.2}' from stored
            """)
        .param(user)
        .param(name)
        .param(labels)
        .update();
  }
}
