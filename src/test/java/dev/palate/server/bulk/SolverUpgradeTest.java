package dev.palate.server.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.core.taste.SolverVersion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/**
 * Weights of an older solver: those from before the upgrade, and those that replicas of the version
 * before write beside this one, by the statements that they have.
 */
class SolverUpgradeTest extends BulkFixture {

  private static final String MODEL = "0123abcd";

  /** As the release before {@code V8__solver_version.sql} has it. */
  private static final String FORMER_WEIGHTS =
      """
      insert into expert_weights (user_id, model_version, version, shift, uncertainty,
        significant, agreement, solved_seq, labels, solved_at)
      values (?, ?, 1, '{9,9,9}', '{1,1,1}', '{f,f,f}', 1, ?, 1, clock_timestamp())
      on conflict (user_id, model_version) do update set
        version = expert_weights.version + 1, shift = excluded.shift,
        uncertainty = excluded.uncertainty, significant = excluded.significant,
        agreement = excluded.agreement, solved_seq = excluded.solved_seq,
        labels = excluded.labels, solved_at = excluded.solved_at
      where expert_weights.solved_seq < excluded.solved_seq
      """;

  private static final String FORMER_HISTORY =
      """
      insert into expert_weights_history
      select user_id, model_version, version, shift, uncertainty, significant, agreement,
        solved_seq, labels, solved_at
      from expert_weights where user_id = ? and model_version = ?
      """;

  @Autowired AdaptationStart atStart;

  /** A replica of the version before takes a label and solves its user. */
  private void solvedByTheVersionBefore(String name) {
    long seq =
        jdbc.sql(
                "update users set feedback_seq = feedback_seq + 1 where id = ? returning feedback_seq")
            .param(name)
            .query(Long.class)
            .single();
    assertThat(jdbc.sql(FORMER_WEIGHTS).param(name).param(MODEL).param(seq).update()).isEqualTo(1);
    jdbc.sql(FORMER_HISTORY).param(name).param(MODEL).update();
  }

  /** All weights as they are right after the migration. */
  private void migrated() {
    jdbc.sql(
            "update expert_weights set solver_version = 1, solver_version_at = null, shift = '{9,9,9}'")
        .update();
    jdbc.sql("update expert_weights_history set solver_version = 1").update();
  }

  private long bulksStarted() {
    return jdbc.sql("select count(*) from bulk_solve").query(Long.class).single();
  }

  private void awaitBulks() {
    await().atMost(Duration.ofSeconds(40)).until(() -> !bulks.anyRuns());
  }

  private List<Integer> versions(String column) {
    return jdbc.sql("select distinct %s from expert_weights order by 1".formatted(column))
        .query((row, n) -> row.getInt(1))
        .list();
  }

  @Test
  void anUpgradeSolvesEveryUserAgainAndOnce() throws Exception {
    JsonNode before = weightsOf(users.get(2));
    migrated();

    atStart.onReady();
    awaitBulks();
    atStart.onReady();
    atStart.look();

    assertThat(bulksStarted()).as("of three looks").isEqualTo(1);
    assertThat(versions("version")).containsExactly(2);
    assertThat(versions("solver_version")).containsExactly(SolverVersion.CURRENT);
    assertThat(versions("solver_version_at")).containsExactly(2);
    JsonNode after = weightsOf(users.get(2));
    assertThat(after.path("experts")).isEqualTo(before.path("experts"));
    assertThat(after.path("solver_version").asInt()).isEqualTo(SolverVersion.CURRENT);
    JsonNode history = get("/users/" + users.get(2) + "/expert-weights/history").json();
    assertThat(history.at("/versions/0/solver_version").asInt()).isEqualTo(SolverVersion.CURRENT);
    assertThat(history.at("/versions/1/solver_version").asInt()).isEqualTo(SolverVersion.FIRST);
  }

  @Test
  void whatTheVersionBeforeWritesOverNewerWeightsIsServedAndSolvedAgainOnce() throws Exception {
    String name = users.get(3);
    double shift = shift(weightsOf(name), 0);
    solvedByTheVersionBefore(name);
    assertThat(versions("solver_version")).as("it leaves ours in place").containsExactly(2);

    JsonNode served = weightsOf(name);
    assertThat(served.path("solver_version").asInt()).isEqualTo(SolverVersion.FIRST);
    assertThat(served.path("status").asString()).isEqualTo("current");
    assertThat(shift(served, 0)).isEqualTo(9);
    JsonNode export = get("/users/" + name + "/export").json();
    assertThat(export.at("/expert_weights/0/solver_version").asInt())
        .isEqualTo(SolverVersion.FIRST);
    assertThat(export.at("/expert_weights_history/1/solver_version").asInt())
        .isEqualTo(SolverVersion.FIRST);

    atStart.look();
    awaitBulks();
    atStart.look();

    assertThat(bulksStarted()).isEqualTo(1);
    JsonNode solved = weightsOf(name);
    assertThat(solved.path("solver_version").asInt()).isEqualTo(SolverVersion.CURRENT);
    assertThat(solved.path("version").asInt()).isEqualTo(served.path("version").asInt() + 1);
    assertThat(shift(solved, 0)).isEqualTo(shift);
    assertThat(weightsOf(users.get(4)).path("version").asInt()).as("others stay").isEqualTo(1);
  }

  @Test
  void aUserWhomTheVersionBeforeSolvedFirstIsSolvedAgain() throws Exception {
    String name = users.getFirst();
    jdbc.sql("delete from expert_weights where user_id = ?").param(name).update();
    jdbc.sql("delete from expert_weights_history where user_id = ?").param(name).update();
    solvedByTheVersionBefore(name);

    assertThat(start.startIfBehind(MODEL)).isTrue();
    awaitBulks();

    assertThat(weightsOf(name).path("version").asInt()).isEqualTo(2);
    assertThat(weightsOf(name).path("solver_version").asInt()).isEqualTo(SolverVersion.CURRENT);
  }

  @Test
  void aSolveOnRequestAnswersWithTheNewSolversWeights() throws Exception {
    String name = users.get(5);
    solvedByTheVersionBefore(name);

    Answer answer =
        send("POST", "/users/" + name + "/expert-weights/solve", "", "Prefer", "wait=20");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("solver_version").asInt()).isEqualTo(SolverVersion.CURRENT);
    assertThat(start.startIfBehind(MODEL)).as("nobody is left").isFalse();
  }

  @Test
  void weightsOfALaterSolverAreNotSolvedAgain() throws Exception {
    jdbc.sql("update expert_weights set solver_version = 99").update();

    atStart.onReady();
    atStart.look();
    send("POST", "/users/" + users.getFirst() + "/expert-weights/solve", "");
    await().until(() -> scheduled() == 0);

    assertThat(bulksStarted()).isZero();
    assertThat(versions("version")).containsExactly(1);
  }

  @Test
  void theEtagChangesWithTheSolverVersionAlone() throws Exception {
    String path = "/users/" + users.getFirst() + "/expert-weights";
    String etag = get(path).header("ETag");
    assertThat(get(path, "If-None-Match", etag).status()).isEqualTo(304);

    jdbc.sql("update expert_weights set solver_version_at = null").update();

    assertThat(get(path, "If-None-Match", etag).status()).isEqualTo(200);
  }

  /** It would find nobody behind, and end the range. */
  @Test
  void aReplicaOfTheVersionBeforeTakesTheRangesForThoseOfAnotherModel() throws Exception {
    migrated();
    long bulk = startUnscheduledFor(MODEL);

    String stored =
        jdbc.sql("select model_version from bulk_solve where id = ?")
            .param(bulk)
            .query(String.class)
            .single();
    assertThat(stored).isNotEqualTo(MODEL);
    assertThat(get("/bulk-solves/" + bulk).json().path("model_version").asString())
        .isEqualTo(MODEL);
  }

  /** A model version alone: begun by a replica of the version before, and ended by this one. */
  @ParameterizedTest
  @ValueSource(strings = {MODEL, MODEL + "/1", MODEL + "/2"})
  void rangesOfAnEarlierSolversBulkAreDone(String target) {
    migrated();
    long bulk = startUnscheduledFor(MODEL);
    jdbc.sql("update bulk_solve set model_version = ?").param(target).update();

    ranges(bulk).forEach(job::run);

    assertThat(versions("version")).containsExactly(2);
    assertThat(bulks.anyRuns()).isFalse();
  }

  @Test
  void rangesOfALaterSolversBulkAreLeftAlone() {
    migrated();
    long bulk = startUnscheduledFor(MODEL);
    jdbc.sql("update bulk_solve set model_version = ?").param(MODEL + "/3").update();

    assertThat(job.run(ranges(bulk).getFirst()))
        .isEqualTo(new BulkJob.Outcome.Later(Duration.ofMinutes(1)));
    assertThat(versions("version")).containsExactly(1);
  }
}
