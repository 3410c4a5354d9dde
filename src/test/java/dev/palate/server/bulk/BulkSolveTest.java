package dev.palate.server.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import tools.jackson.databind.JsonNode;

class BulkSolveTest extends BulkFixture {

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
}
