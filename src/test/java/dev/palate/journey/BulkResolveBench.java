package dev.palate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.palate.cli.UserCommand;
import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.TasteSolvers;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * All users solved again: from arrays, and by the service with its PostgreSQL, its progress read by
 * the command line. {@code -Dpalate.bench.users=} says how many.
 */
class BulkResolveBench {

  private static final int USERS = Integer.getInteger("palate.bench.users", 1_000_000);
  private static final int HEAP = 384;
  private static final int DISTINCT = 2_000;

  @TempDir Path temp;

  @Test
  void allUsersAreSolvedAgain() throws Exception {
    Bundle bundle = Bundles.read(Path.of("models", "demo"));
    Solved inMemory = inMemory(bundle);
    Stored stored = stored(bundle);
    BenchmarkReport.section(
        "Bulk solve",
        String.format(
            Locale.ROOT,
            """
            %,d synthetic users with %d labels each, K = %d as in the demo bundle, margins stored, null band included. In memory: the solver alone on all
            processors, over the arrays of %,d users again and again. With PostgreSQL: `user resolve --all` against the jar with an embedded PostgreSQL on the same
            processors (fsync on, every 500 users a commit; the labels' tables unlogged, to fill them sooner), heap %d MiB.
            `mvn -Pbench verify -Dit.test=BulkResolveBench -Dpalate.bench.users=%d`. Goals for 1,000,000 users: 60 s and 300 s.

            | | users/s | s for these users | s for 1,000,000 | of the goal |
            |---|---|---|---|---|
            | in memory | %,.0f | %.1f | %.0f | %.2f x |
            | with PostgreSQL | %,.0f | %.1f | %.0f | %.2f x |

            - processor time a user: solver alone %.0f us; service with PostgreSQL %.0f us, PostgreSQL itself not counted
            - heap: at most %d MiB used of %d MiB allowed, collected or not; resident memory %d MiB after the run
            - database: %.1f GB, of which margins %.1f GB
            - %,d users failed; average load of the machine in the last minute: %s
            """,
            USERS,
            StoredUsers.LABELS,
            bundle.expertCount(),
            DISTINCT,
            HEAP,
            USERS,
            USERS / inMemory.seconds,
            inMemory.seconds,
            inMemory.seconds / USERS * 1e6,
            inMemory.seconds / USERS * 1e6 / 60,
            USERS / stored.seconds,
            stored.seconds,
            stored.seconds / USERS * 1e6,
            stored.seconds / USERS * 1e6 / 300,
            inMemory.cpuSeconds / USERS * 1e6,
            stored.cpuSeconds / USERS * 1e6,
            stored.heap,
            HEAP,
            stored.resident,
            stored.databaseGigabytes,
            stored.marginGigabytes,
            stored.failed,
            load()));
  }

  private record Solved(double seconds, double cpuSeconds) {}

  private static Solved inMemory(Bundle bundle) {
    TasteSolvers solvers =
        new TasteSolvers(
            new Prior(bundle.prior().mean(), bundle.prior().covariance(), bundle.prior().leeway()),
            new Likelihood(bundle.scale(), bundle.labelNoise(), bundle.topM()),
            Runtime.getRuntime().availableProcessors());
    List<LabelMargin> pool = StoredUsers.pool(bundle.expertCount());
    List<List<LabelMargin>> users = new ArrayList<>();
    for (int user = 0; user < DISTINCT; user++) {
      List<LabelMargin> labels = new ArrayList<>();
      for (int l = 0; l < StoredUsers.LABELS; l++) {
        labels.add(pool.get((user * StoredUsers.LABELS + l) * 7919 % pool.size()));
      }
      users.add(labels);
    }
    users.forEach(solvers::solve);
    long cpu = cpuNanos();
    long start = System.nanoTime();
    IntStream.range(0, USERS).parallel().forEach(user -> solvers.solve(users.get(user % DISTINCT)));
    return new Solved((System.nanoTime() - start) / 1e9, (cpuNanos() - cpu) / 1e9);
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private record Stored(
      double seconds,
      double cpuSeconds,
      long heap,
      long resident,
      double databaseGigabytes,
      double marginGigabytes,
      long failed) {}

  private Stored stored(Bundle bundle) throws Exception {
    Path data = temp.resolve("data");
    try (PalateProcess palate = PalateProcess.startWithin(HEAP, data);
        ApiClient api = palate.client();
        BenchDatabase database = BenchDatabase.of(data)) {
      database.addLabelled(USERS, bundle.version(), bundle.expertCount());
      CountDownLatch over = new CountDownLatch(1);
      HeapPeak peak = new HeapPeak(api, over);
      Thread watch = Thread.ofPlatform().start(peak);
      long cpu = palate.cpu().toMillis();
      int exit =
          new CommandLine(new UserCommand())
              .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
              .execute("resolve", "--all", "--url", "http://127.0.0.1:" + palate.port());
      over.countDown();
      watch.join();
      assertThat(exit).isZero();
      assertThat(database.rows("expert_weights")).isEqualTo(USERS);
      return new Stored(
          database.number(
                  "select 1000 * extract(epoch from finished_at - started_at) from bulk_solve")
              / 1e3,
          (palate.cpu().toMillis() - cpu) / 1e3,
          peak.mebibytes,
          palate.residentMebibytes(),
          database.number("select pg_database_size(current_database())") / 1e9,
          database.bytes("label_margin") / 1e9,
          database.number("select sum(failed) from bulk_solve_range"));
    }
  }

  /** Heap in use as the service's own meters tell it, once a second. */
  private static final class HeapPeak implements Runnable {
    private final ApiClient api;
    private final CountDownLatch over;
    private volatile long mebibytes;

    HeapPeak(ApiClient api, CountDownLatch over) {
      this.api = api;
      this.over = over;
    }

    @Override
    public void run() {
      try {
        while (!over.await(1, TimeUnit.SECONDS)) {
          double used =
              api.text("/actuator/prometheus")
                  .lines()
                  .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                  .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                  .sum();
          mebibytes = Math.max(mebibytes, (long) used >> 20);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static String load() throws IOException {
    Path load = Path.of("/proc/loadavg");
    return Files.exists(load) ? Files.readString(load).split(" ")[0] : "unknown";
  }
}
