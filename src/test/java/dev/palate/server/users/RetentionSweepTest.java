package dev.palate.server.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.server.users.Retention.Position;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How the sweep goes about it: in pieces, beside others, once in the whole cluster. */
class RetentionSweepTest extends RetentionFixture {

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
    jdbc.sql(
            "delete from label_margin m using label l where l.id = m.label and l.label_id like 'un%'")
        .update();
    jdbc.sql(
            "update label set created_at = created_at - interval '1 day' where label_id like 'un%'")
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
    // as autovacuum does within a minute: planned as if the tables were still tiny, the sweep looks
    // for each label in all margins
    jdbc.sql("analyze label, label_margin").update();
  }
}
