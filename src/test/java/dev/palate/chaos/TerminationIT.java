package dev.palate.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.journey.ApiClient;
import dev.palate.journey.ApiClient.Answer;
import dev.palate.reliability.Reliability;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An orderly end under load. */
class TerminationIT extends OneReplica {

  @Test
  void askedToEndItAnswersWhatItHasAcceptedAndHandsBackItsJobs() throws Exception {
    ApiClient client = replica.client();
    List<CompletableFuture<Answered>> accepted = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      List<Object> items = new ArrayList<>();
      for (int item = 0; item < 12; item++) {
        items.add(
            Map.of(
                "prompt",
                "New " + i + " " + item + " " + "and long ".repeat(60),
                "responses",
                List.of("one " + i + " " + item, "two " + i + " " + item)));
      }
      accepted.add(later(() -> client.post("/score/batch", Map.of("items", items))));
      LabelSet set = workload.set("ended-waiting-" + i, 0, 3);
      accepted.add(later(() -> client.post(set.path(), set.json(), "Prefer", "wait=5")));
    }
    CountDownLatch end = new CountDownLatch(1);
    List<CompletableFuture<Void>> load =
        IntStream.range(0, 4).mapToObj(i -> run(() -> label(client, i, end))).toList();
    await().until(() -> history.acknowledged().size() >= 60);

    replica.terminate();

    end.countDown();
    load.forEach(CompletableFuture::join);
    assertThat(accepted).allMatch(request -> request.join().answer().status() / 100 == 2);
    assertThat(history.unexpected()).isEmpty();
    try (Connection connection = cluster.database().connect();
        Statement sql = connection.createStatement()) {
      assertThat(number(sql, "select count(*) from scheduled_tasks where picked")).isZero();
      long unsolved =
          number(
              sql,
              """
              select count(*) from users u left join expert_weights w on w.user_id = u.id
              where id like 'ended-%' and coalesce(solved_seq, 0) < feedback_seq
              """);
      long jobs =
          number(sql, "select count(*) from scheduled_tasks where task_instance like 'ended-%'");
      assertThat(jobs).as("who is unsolved has a job").isEqualTo(unsolved);
      Verdict stored =
          new Checker(labels -> null).verdict(history, Stored.read(connection, "ended-load", "-"));
      assertThat(stored.lost() + stored.doubled() + stored.neverSent()).isZero();
      Reliability.record(
          10,
          "SIGTERM under load",
          ("%d accepted requests answered 2xx, no 5xx, %d labels acknowledged, 0 lost, %d users left to others,"
                  + " 0 jobs held by the dead")
              .formatted(accepted.size(), stored.acknowledged(), unsolved));
    }
  }

  /** Feedback until the replica takes no more. */
  private void label(ApiClient client, int from, CountDownLatch end) {
    for (int i = from; end.getCount() > 0; i += 4) {
      LabelSet set = setOf("ended-load-" + i, 0);
      history.sends(set);
      try {
        Answer answer = client.post(set.path(), set.json());
        if (answer.status() == 202) {
          history.acknowledged(set);
        } else {
          history.unexpected(answer.status() + " " + answer.body());
          return;
        }
      } catch (UncheckedIOException e) {
        return; // not accepted: the port is closed, or the connection before a request was read
      }
    }
  }
}
