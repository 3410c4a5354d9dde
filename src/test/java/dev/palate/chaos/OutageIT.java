package dev.palate.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.journey.ApiClient;
import dev.palate.journey.ApiClient.Answer;
import dev.palate.reliability.Reliability;
import dev.palate.tier.LongForm;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One replica whose database is slow, away, lost, or taken up by others. */
class OutageIT extends OneReplica {

  private static final Duration SLOW = Duration.ofSeconds(5);
  private static final int TIMES = 15;

  /** What may become of the database. */
  enum Trouble {
    SLOW_BY_5_S(network -> network.slow(SLOW)),
    CUT(TcpProxy::cut),
    LOST(TcpProxy::blackhole);

    private final Consumer<TcpProxy> begin;

    Trouble(Consumer<TcpProxy> begin) {
      this.begin = begin;
    }

    /** Whether the database itself may have answered: one that is only slow does, late. */
    boolean mayAnswer(Answered answer) {
      return this == SLOW_BY_5_S
          && answer.answer().status() / 100 == 2
          && answer.seconds() > SLOW.toSeconds();
    }
  }

  @Test
  void withTheDatabaseCutOffScoresGoOnAndFeedbackIsPutOff() throws Exception {
    scoresGoOnAndFeedbackIsPutOff(Trouble.CUT);
  }

  @ParameterizedTest
  @LongForm
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CUT")
  void withTheDatabaseInTroubleScoresGoOnAndFeedbackIsPutOff(Trouble trouble) throws Exception {
    scoresGoOnAndFeedbackIsPutOff(trouble);
  }

  private void scoresGoOnAndFeedbackIsPutOff(Trouble trouble) throws Exception {
    ApiClient client = replica.client();
    String known = trouble + "-known";
    String unread = trouble + "-unread";
    solved(known);
    solved(unread);
    await().until(() -> Scored.ask(client, known, 1).weights().equals(List.of("personal 1")));
    Scored anonymousBefore = Scored.ask(client, null, TIMES);
    Scored knownBefore = Scored.ask(client, known, TIMES);

    List<CompletableFuture<Answered>> putOff = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String flying = trouble + "-flying-" + i;
      putOff.add(later(() -> labelUntilPutOff(flying)));
    }
    await().until(() -> history.acknowledged().size() > 30);
    trouble.begin.accept(replica.network());

    await().until(() -> Scored.ask(client, known, 1).weights().equals(List.of("stale 1")));
    putOff.addAll(needDatabase(trouble));
    Scored anonymous = Scored.ask(client, null, TIMES);
    Scored cached = Scored.ask(client, known, TIMES);
    Scored prior = Scored.ask(client, unread, TIMES);
    assertThat(anonymous.weights()).containsExactly("prior 0");
    assertThat(cached.weights()).containsExactly("stale 1");
    assertThat(prior.weights()).containsExactly("stale 0");
    assertThat(anonymous.median()).isLessThan(anonymousBefore.median() + 100);
    assertThat(cached.median()).isLessThan(knownBefore.median() + 200);
    assertThat(prior.median()).isLessThan(knownBefore.median() + 200);
    double longest = 0;
    int late = 0;
    for (CompletableFuture<Answered> request : putOff) {
      Answered answer = request.join();
      if (trouble.mayAnswer(answer)) {
        late++;
        continue;
      }
      assertThat(answer.answer().status()).as(answer.toString()).isEqualTo(503);
      assertThat(answer.answer().body().path("code").asString()).isEqualTo("database_unavailable");
      assertThat(answer.answer().raw().headers().firstValue("Retry-After")).isPresent();
      assertThat(answer.answer().raw().headers().firstValue("Content-Type"))
          .hasValue("application/problem+json");
      longest = Math.max(longest, answer.seconds());
    }
    assertThat(late).isLessThan(putOff.size());
    assertThat(client.get("/livez").status()).isEqualTo(200);
    assertThat(client.get("/readyz").status()).isEqualTo(200);

    replica.network().restore();

    long restored = System.nanoTime();
    LabelSet after = workload.set(known, 100, 2);
    history.sends(after);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> client.post(after.path(), after.json()).status() == 202);
    history.acknowledged(after);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Scored.ask(client, known, 1).weights().equals(List.of("personal 2")));
    double recovered = (System.nanoTime() - restored) / 1e9;
    Verdict verdict = Checker.settle(cluster, history, trouble + "-");
    assertThat(verdict.holds()).as(verdict.toString()).isTrue();
    Reliability.record(
        20,
        "database " + trouble.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        String.format(
            Locale.ROOT,
            "p50 anonymous %.0f ms (%.0f before), known user stale %.0f ms (%.0f), %d feedbacks and reads 503 in"
                + " at most %.1f s, %d answered late, personal again %.1f s after; %s",
            anonymous.median(),
            anonymousBefore.median(),
            Math.max(cached.median(), prior.median()),
            knownBefore.median(),
            putOff.size() - late,
            longest,
            late,
            recovered,
            verdict));
  }

  /** What needs the database, each on its own; of users that nobody else asks about. */
  private List<CompletableFuture<Answered>> needDatabase(Trouble trouble) {
    ApiClient client = replica.client();
    String user = "put-off-" + trouble;
    LabelSet set = workload.set(user, 0, 2);
    List<CompletableFuture<Answered>> requests = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      requests.add(later(() -> client.post(set.path(), set.json())));
    }
    requests.add(later(() -> client.get("/users/" + user + "/expert-weights")));
    requests.add(later(() -> client.get("/users/" + user + "/expert-weights/history")));
    requests.add(later(() -> client.get("/users/" + user + "/feedback")));
    requests.add(later(() -> client.delete("/users/" + user + "/feedback/l0")));
    requests.add(later(() -> client.delete("/users/" + user)));
    requests.add(
        later(() -> client.post("/users/" + user + "/expert-weights/preview", set.json())));
    return requests;
  }

  /** The first answer that is no acknowledgement: the trouble comes in the middle of a request. */
  private Answer labelUntilPutOff(String user) {
    for (int i = 0; ; i++) {
      LabelSet set = setOf(user, i);
      history.sends(set);
      Answer answer = replica.client().post(set.path(), set.json());
      if (answer.status() != 202) {
        return answer;
      }
      history.acknowledged(set);
    }
  }

  /** Forty requests at a time wait for one user's row, and hold all connections but scoring's. */
  @Test
  void withEveryConnectionTakenByFeedbackScoresGoOnPersonalOnesToo() throws Exception {
    ApiClient client = replica.client();
    String known = "kept";
    String unread = "kept-unread";
    String hot = "hot";
    solved(known);
    solved(unread);
    solved(hot);
    Scored before = Scored.ask(client, known, TIMES);
    List<CompletableFuture<Answered>> waiting = new ArrayList<>();
    Scored cached;
    Scored read;
    CompletableFuture<Answered> refused;
    CountDownLatch release = new CountDownLatch(1);
    try (Connection lock = cluster.database().connect();
        Connection watch = cluster.database().connect();
        Statement sql = watch.createStatement()) {
      lock.setAutoCommit(false);
      lock.createStatement().execute("select from users where id = '" + hot + "' for update");
      for (int i = 0; i < 40; i++) {
        LabelSet set = workload.set(hot, 10 * i + 10, 1);
        waiting.add(later(() -> untilReleased(client, set, release)));
      }
      await().until(() -> waitingForLocks(sql) >= 12);
      LabelSet other = workload.set("hot-other", 0, 1);
      refused = later(() -> client.post(other.path(), other.json()));

      cached = Scored.ask(client, known, TIMES);
      read = Scored.ask(client, unread, TIMES);

      assertThat(waitingForLocks(sql)).as("still held").isGreaterThanOrEqualTo(12);
      release.countDown();
      // all are answered while the row is still held: no request waits for ever
      waiting.forEach(CompletableFuture::join);
      lock.rollback();
    }

    assertThat(cached.weights()).containsExactly("personal 1");
    assertThat(read.weights()).containsExactly("personal 1");
    assertThat(cached.median()).isLessThan(before.median() + 100);
    assertThat(read.median()).isLessThan(before.median() + 100);
    assertThat(waiting).allMatch(request -> request.join().answer().status() == 503);
    assertThat(refused.join().answer().status()).isIn(202, 503);
    Reliability.record(
        21,
        "every connection taken by feedback",
        String.format(
            Locale.ROOT,
            "p50 of a personal score %.0f ms (%.0f before), all of 40 feedbacks at a time 503",
            Math.max(cached.median(), read.median()),
            before.median()));
  }

  /** Sends it again and again; the last answer. */
  private static Answer untilReleased(ApiClient client, LabelSet set, CountDownLatch release) {
    Answer answer = client.post(set.path(), set.json());
    while (release.getCount() > 0 && answer.status() == 503) {
      answer = client.post(set.path(), set.json());
    }
    return answer;
  }

  private static long waitingForLocks(Statement sql) throws java.sql.SQLException {
    return number(sql, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'");
  }
}
