package dev.palate.server.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.core.model.ScoreResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What happens to a bulk solve while it runs. */
class BulkTroubleTest extends BulkFixture {

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
}
