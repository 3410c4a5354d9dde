package dev.palate.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.palate.journey.ApiClient;
import dev.palate.journey.ApiClient.Answer;
import dev.palate.reliability.Reliability;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One replica whose database is slow, away, lost, or taken up by others; and its orderly end. */
@TestMethodOrder(OrderAnnotation.class)
class OutageIT {

  private static final Duration SLOW = Duration.ofSeconds(5);
  private static final int TIMES = 15;

  private static ChaosCluster cluster;
  private static Replica replica;
  private static Workload workload;

  private final History history = new History();
  private final ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeAll
  static void start() {
    workload = new Workload(Seed.ofThisRun().random("outage"));
    // Production's are 30 s and 15 s: the same way to an answer, only later
    cluster =
        ChaosCluster.start(
            "outage",
            1,
            "--spring.datasource.hikari.data-source-properties.socketTimeout=8",
            "--palate.database.idle-transaction=5s");
    replica = cluster.replica(0);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @AfterEach
  void mend() {
    replica.network().restore();
    others.close();
  }

  /** What may become of the database. */
  enum Trouble {
    SLOW_BY_5_S(network -> network.slow(SLOW)),
    CUT(TcpProxy::cut),
    LOST(TcpProxy::blackhole);

    private final Consumer<TcpProxy> begin;

    Trouble(Consumer<TcpProxy> begin) {
      this.begin = begin;
    }
  }

  @ParameterizedTest
  @EnumSource
  @Order(1)
  void withTheDatabaseInTroubleScoresGoOnAndFeedbackIsPutOff(Trouble trouble) throws Exception {
    ApiClient client = replica.client();
    String known = trouble + "-known";
    String unread = trouble + "-unread";
    solved(known);
    solved(unread);
    await().until(() -> Scored.ask(client, known, 1).weights().equals(List.of("personal 1")));
    Scored anonymousBefore = Scored.ask(client, null, TIMES);
    Scored knownBefore = Scored.ask(client, known, TIMES);

    List<CompletableFuture<PutOff>> putOff = new ArrayList<>();
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
    for (CompletableFuture<PutOff> request : putOff) {
      PutOff answer = request.join();
      assertThat(answer.answer.status()).as(answer.toString()).isEqualTo(503);
      assertThat(answer.answer.body().path("code").asString()).isEqualTo("database_unavailable");
      assertThat(answer.answer.raw().headers().firstValue("Retry-After")).isPresent();
      assertThat(answer.answer.raw().headers().firstValue("Content-Type"))
          .hasValue("application/problem+json");
      longest = Math.max(longest, answer.seconds);
    }
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
                + " at most %.1f s, personal again %.1f s after; %s",
            anonymous.median(),
            anonymousBefore.median(),
            Math.max(cached.median(), prior.median()),
            knownBefore.median(),
            putOff.size(),
            longest,
            recovered,
            verdict));
  }

  private record PutOff(Answer answer, double seconds) {}

  /** What needs the database, each on its own; of users that nobody else asks about. */
  private List<CompletableFuture<PutOff>> needDatabase(Trouble trouble) {
    ApiClient client = replica.client();
    String user = "put-off-" + trouble;
    LabelSet set = workload.set(user, 0, 2);
    List<CompletableFuture<PutOff>> requests = new ArrayList<>();
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

  private interface Request {
    Answer send();
  }

  private CompletableFuture<PutOff> later(Request request) {
    return CompletableFuture.supplyAsync(
        () -> {
          long start = System.nanoTime();
          return new PutOff(request.send(), (System.nanoTime() - start) / 1e9);
        },
        others);
  }

  /** One label set, in the weights when this returns. */
  private void solved(String user) {
    LabelSet set = workload.set(user, 0, 3);
    history.sends(set);
    assertThat(replica.client().post(set.path(), set.json(), "Prefer", "wait=30").status())
        .isEqualTo(200);
    history.acknowledged(set);
  }

  @ParameterizedTest
  @EnumSource
  @Order(2)
  void cutAtTheCommitARetryGivesExactlyOneLabelSet(TcpProxy.At at) throws Exception {
    String user = "commit-" + at;
    // No other part of the traffic holds such an id
    SentLabel label = workload.set(user, 0, 1).labels().getFirst();
    SentLabel marked =
        new SentLabel(
            user,
            "marker-" + at,
            label.prompt(),
            label.chosen(),
            label.rejected(),
            label.strength());
    LabelSet set =
        new LabelSet(user, List.of(marked, workload.set(user, 1, 1).labels().getFirst()));
    solved(user + "-other");
    TcpProxy.Trap trap = replica.network().trap(marked.id(), at);

    history.sends(set);
    CompletableFuture<PutOff> first = later(() -> replica.client().post(set.path(), set.json()));
    await().until(trap::hasSprung);
    if (at != TcpProxy.At.LOST_BEFORE_COMMIT) {
      assertThat(first.join().answer.status()).isEqualTo(503);
    }
    int sent = 1;
    Answer again;
    do {
      again = replica.client().post(set.path(), set.json());
      sent++;
      assertThat(again.status()).isIn(202, 503);
    } while (again.status() == 503 && sent < 20);

    assertThat(again.status()).isEqualTo(202);
    history.acknowledged(set);
    assertThat(again.body().path("accepted").asInt())
        .as("stored by the retry")
        .isEqualTo(at == TcpProxy.At.AFTER_COMMIT ? 0 : 2);
    Verdict verdict = Checker.settle(cluster, history, user);
    assertThat(verdict.holds()).as(verdict.toString()).isTrue();
    Reliability.record(
        21,
        "database " + at.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        "one label set after sending it %d times; %s".formatted(sent, verdict));
  }

  /** Forty requests at a time wait for one user's row, and hold all connections but scoring's. */
  @Test
  @Order(3)
  void withEveryConnectionTakenByFeedbackScoresGoOnPersonalOnesToo() throws Exception {
    ApiClient client = replica.client();
    String known = "kept";
    String unread = "kept-unread";
    String hot = "hot";
    solved(known);
    solved(unread);
    solved(hot);
    Scored before = Scored.ask(client, known, TIMES);
    List<CompletableFuture<PutOff>> waiting = new ArrayList<>();
    Scored cached;
    Scored read;
    CompletableFuture<PutOff> refused;
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
    assertThat(waiting).allMatch(request -> request.join().answer.status() == 503);
    assertThat(refused.join().answer.status()).isIn(202, 503);
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

  private static long number(Statement sql, String query) throws java.sql.SQLException {
    try (ResultSet rows = sql.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** The last one: it ends the replica. */
  @Test
  @Order(4)
  void askedToEndItAnswersWhatItHasAcceptedAndHandsBackItsJobs() throws Exception {
    ApiClient client = replica.client();
    List<CompletableFuture<PutOff>> accepted = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      List<Object> items = new ArrayList<>();
      for (int item = 0; item < 12; item++) {
        items.add(
            java.util.Map.of(
                "prompt",
                "New " + i + " " + item + " " + "and long ".repeat(60),
                "responses",
                List.of("one " + i + " " + item, "two " + i + " " + item)));
      }
      accepted.add(later(() -> client.post("/score/batch", java.util.Map.of("items", items))));
      LabelSet set = workload.set("ended-waiting-" + i, 0, 3);
      accepted.add(later(() -> client.post(set.path(), set.json(), "Prefer", "wait=5")));
    }
    CountDownLatch end = new CountDownLatch(1);
    List<CompletableFuture<Void>> load =
        IntStream.range(0, 4)
            .mapToObj(i -> CompletableFuture.runAsync(() -> label(client, i, end), others))
            .toList();
    await().until(() -> history.acknowledged().size() >= 60);

    replica.terminate();

    end.countDown();
    load.forEach(CompletableFuture::join);
    assertThat(accepted).allMatch(request -> request.join().answer.status() / 100 == 2);
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
      } catch (java.io.UncheckedIOException e) {
        return; // not accepted: the port is closed, or the connection before a request was read
      }
    }
  }

  private static synchronized LabelSet setOf(String user, int label) {
    return workload.set(user, label, 1);
  }
}
