package dev.palate.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.journey.ApiClient.Answer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.parallel.ResourceLock;

/** One replica on a database that can be reached through a network which may be broken. */
@ResourceLock("the one replica") // static here
abstract class OneReplica {

  static ChaosCluster cluster;
  static Replica replica;
  static Workload workload;

  final History history = new History();
  private final ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param seconds from sending to the answer
   */
  record Answered(Answer answer, double seconds) {}

  interface Request {
    Answer send();
  }

  @BeforeAll
  static void start(TestInfo test) {
    String name = test.getTestClass().orElseThrow().getSimpleName();
    workload = new Workload(Seed.ofThisRun().random(name));
    // Production's are 30 s and 15 s: the same way to an answer, only later
    cluster =
        ChaosCluster.start(
            name,
            1,
            "--spring.datasource.hikari.data-source-properties.socketTimeout=8",
            "--palate.database.idle-transaction=5s");
    replica = cluster.replica(0);
  }

  @AfterAll
  static void stop() {
    Optional.ofNullable(cluster).ifPresent(ChaosCluster::close);
  }

  @AfterEach
  void mend() {
    replica.network().restore();
    others.close();
  }

  final CompletableFuture<Answered> later(Request request) {
    return CompletableFuture.supplyAsync(
        () -> {
          long start = System.nanoTime();
          return new Answered(request.send(), (System.nanoTime() - start) / 1e9);
        },
        others);
  }

  final CompletableFuture<Void> run(Runnable work) {
    return CompletableFuture.runAsync(work, others);
  }

  /** One label set, in the weights when this returns. */
  final void solved(String user) {
    LabelSet set = workload.set(user, 0, 3);
    history.sends(set);
    assertThat(replica.client().post(set.path(), set.json(), "Prefer", "wait=30").status())
        .isEqualTo(200);
    history.acknowledged(set);
  }

  static synchronized LabelSet setOf(String user, int label) {
    return workload.set(user, label, 1);
  }

  static long number(Statement sql, String query) throws SQLException {
    try (ResultSet rows = sql.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
