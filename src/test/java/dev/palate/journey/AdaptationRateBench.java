package dev.palate.journey;

import static org.awaitility.Awaitility.await;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.Bundles;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many users' jobs a replica does in a second: a backlog of them, and as feedback comes in
 * without a pause. {@code mvn -Pbench verify -Dit.test=AdaptationRateBench} writes
 * docs/benchmarks.md.
 */
class AdaptationRateBench {

  private static final int USERS = 10_000;
  private static final int CONNECTIONS = 8;
  private static final Duration STEADY = Duration.ofSeconds(20);

  @TempDir Path temp;

  @Test
  void jobsPerSecond() throws IOException, SQLException {
    Bundle bundle = Bundles.read(Path.of("models", "demo"));
    Path data = temp.resolve("replica");
    try (PalateProcess palate = PalateProcess.start(data);
        BenchDatabase database = BenchDatabase.of(data);
        ApiClient api = palate.client()) {
      database.addLabelled(USERS, bundle.version(), bundle.expertCount());
      database.execute("alter table label set logged");
      database.execute("alter table label_margin set logged");
      api.label("warm", 0, Requests.tersePairs(8), "Prefer", "wait=20");
      double backlog = backlog(database);
      Steady steady = steady(palate, database);
      BenchmarkReport.section("Adaptation rate", report(backlog, steady));
    }
  }

  /** Jobs a second, with nothing else to do. */
  private static double backlog(BenchDatabase database) throws SQLException {
    database.execute(
        """
        insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
        select 'adapt', id, now() - interval '1 hour', false, 1 from users where id like 'user-%'
        """);
    long start = System.nanoTime();
    allSolved(database);
    return USERS / ((System.nanoTime() - start) / 1e9);
  }

  private record Steady(double requests, double jobs) {}

  /** One label each for one user after another, who had labels before. */
  private static Steady steady(PalateProcess palate, BenchDatabase database)
      throws IOException, SQLException {
    long before = database.rows("expert_weights_history");
    long start = System.nanoTime();
    AtomicInteger user = new AtomicInteger();
    double requests;
    try (Load load = new Load(palate.port(), CONNECTIONS)) {
      requests =
          load.perSecond(
              i -> Requests.feedback("user-%08d".formatted(1 + user.getAndIncrement() % USERS), 1),
              STEADY);
    }
    allSolved(database);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Steady(requests, (database.rows("expert_weights_history") - before) / seconds);
  }

  private static void allSolved(BenchDatabase database) {
    await()
        .pollInSameThread()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> database.waitingJobs() == 0);
  }

  private static String report(double backlog, Steady steady) {
    return String.format(
        Locale.ROOT,
        """
        One replica with its PostgreSQL and the generator on the same processors; %,d users with %d labels each, margins stored, K = 64, null band included. A job reads
        its user's labels, solves, and writes weights and history under guards, in transactions with fsync on. Backlog: a job for each user, nothing else to do.
        Steady feedback: one label a request for one user after another, its texts seen before, from %d connections for %d s, until all is solved.

        | | jobs/s | to db-scheduler's published 2,000 to 10,000 executions/s |
        |---|---|---|
        | a backlog | %,.0f | %.2f to %.2f |
        | steady feedback, %,.0f requests/s taken | %,.0f | %.2f to %.2f |

        The published rate is that of its own benchmark, on other machines. All users at once are a bulk solve's matter.
        """,
        USERS,
        StoredUsers.LABELS,
        CONNECTIONS,
        STEADY.toSeconds(),
        backlog,
        backlog / 10_000,
        backlog / 2_000,
        steady.requests,
        steady.jobs,
        steady.jobs / 10_000,
        steady.jobs / 2_000);
  }
}
