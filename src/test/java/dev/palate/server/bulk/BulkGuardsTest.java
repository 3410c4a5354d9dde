package dev.palate.server.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.server.adaptation.Solving;
import dev.palate.server.store.BulkMemory;
import dev.palate.server.store.SolvedUser;
import dev.palate.server.store.UserId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What happens between a bulk's reading of users and its writing of their weights. */
class BulkGuardsTest extends BulkFixture {

  @Autowired BulkMemory memory;
  @Autowired Solving solving;

  /** So that reading alone is needed, and no scoring. */
  @BeforeEach
  void marginsForTheNextModel() {
    jdbc.sql(
            """
            insert into label_margin (label, model_version, margins, routing)
            select label, ?, margins, routing from label_margin where model_version = '0123abcd'
            """)
        .param(NEXT)
        .update();
    model.serveVersion(NEXT);
  }

  @Test
  void aUserSolvedByTheirOwnJobMeanwhileKeepsThoseWeights() throws Exception {
    String name = users.get(2);
    List<UserId> written =
        writtenAfter(() ->
            send(
                "POST",
                "/users/" + name + "/feedback",
                labels(one("meanwhile", "ccc", "")),
                "Prefer",
                "wait=20"));

    JsonNode weights = weightsOf(name);
    assertThat(written).hasSize(USERS - 1).doesNotContain(new UserId(name));
    assertThat(weights.path("version").asInt()).as("written once").isEqualTo(1);
    assertThat(weights.path("solved_labels")).isEqualTo(weights.path("labels"));
  }

  @Test
  void aUserErasedMeanwhileWhoComesAgainIsNotGivenTheOldWeights() throws Exception {
    String name = users.get(3);
    List<UserId> written =
        writtenAfter(() -> {
          send("DELETE", "/users/" + name, "");
          model.between((items, result) -> {
            throw new IllegalStateException("their own job is not to be first");
          });
          feedback(name, one("again", "c", "b"));
        });

    assertThat(written).hasSize(USERS - 1).doesNotContain(new UserId(name));
    assertThat(solvedFor(NEXT)).doesNotContain(name);
  }

  @Test
  void aRangeThatAnotherExecutionHasMovedOnIsNotMovedAgain() {
    BulkRange.Key key = ranges(startUnscheduled(USERS)).getFirst();
    BulkRange range = bulks.range(key).orElseThrow();

    assertThat(advance(range, users.get(4))).isTrue();
    assertThat(advance(range, users.get(2))).isFalse();
    assertThat(bulks.range(key).orElseThrow().reached()).isEqualTo(users.get(4));
  }

  /** Even one that failed and so became due later; in the order db-scheduler takes them by. */
  @Test
  void aUsersOwnJobGoesBeforeAllRanges() {
    List<String> order = new ArrayList<>();
    transaction.executeWithoutResult(status -> {
      bulks.start(NEXT, 3);
      jdbc.sql(
              """
              insert into scheduled_tasks (task_name, task_instance, execution_time, picked,
                version, consecutive_failures)
              values ('adapt', ?, now() + interval '1 second', false, 1, 1)
              """)
          .param(users.getFirst())
          .update();
      order.addAll(
          jdbc.sql("select task_name from scheduled_tasks order by priority desc, execution_time")
              .query((row, n) -> row.getString(1))
              .list());
      status.setRollbackOnly();
    });

    assertThat(order).hasSize(1 + USERS / 3).startsWith("adapt");
    assertThat(order.subList(1, order.size())).containsOnly("bulk-solve");
  }

  private boolean advance(BulkRange range, String reached) {
    return Boolean.TRUE.equals(transaction.execute(status -> bulks.advance(range, reached, 1, 0)));
  }

  @FunctionalInterface
  private interface Meanwhile {
    void happens() throws Exception;
  }

  /** Reads and solves all users, lets something happen, and writes what was solved. */
  private List<UserId> writtenAfter(Meanwhile meanwhile) {
    List<UserId> written = new ArrayList<>();
    transaction.executeWithoutResult(status -> {
      List<SolvedUser> solved = new ArrayList<>();
      memory.read(
          "",
          users.getLast(),
          NEXT,
          USERS,
          user ->
              solved.add(
                  new SolvedUser(
                      user.user(), user.state(), solving.weights(model.bundle(), user.labels()))));
      assertThat(solved).hasSize(USERS);
      try {
        meanwhile.happens();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      written.addAll(memory.write(solved));
    });
    return written;
  }
}
