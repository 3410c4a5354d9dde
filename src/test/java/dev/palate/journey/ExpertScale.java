package dev.palate.journey;

import dev.palate.core.bundle.TestBundles;
import dev.palate.core.model.cache.CacheSimulation;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What more experts cost: random heads of K experts on the demo's encoder, a process for each K,
 * which take turns.
 */
final class ExpertScale {

  private static final int[] K = {16, 64, 256};
  private static final int LINES = 8;
  static final int LABELS = 20;
  private static final int USERS = 25;
  static final int ROUNDS = 3;
  private static final Duration WARM_UP = Duration.ofSeconds(3);

  private final Path temp;
  private final Duration turn;
  private final AtomicInteger fresh = new AtomicInteger();

  /**
   * @param turn of one kind of request
   */
  ExpertScale(Path temp, Duration turn) {
    this.temp = temp;
    this.turn = turn;
  }

  private final class Replica {
    final int k;
    final PalateProcess palate;
    final byte[] cached = Requests.score(null, true, Requests.PROMPT);
    final double[] cachedPerSecond = new double[ROUNDS];
    final double[] newPerSecond = new double[ROUNDS];
    double solveMicros;

    Replica(int k, PalateProcess palate) throws IOException {
      this.k = k;
      this.palate = palate;
      try (Load load = new Load(palate.port(), LINES)) {
        load.perSecond(cached, WARM_UP);
        load.perSecond(i -> anew(), turn);
      }
    }

    void turn(int round) throws IOException {
      try (Load load = new Load(palate.port(), LINES)) {
        cachedPerSecond[round] = load.perSecond(cached, turn);
        newPerSecond[round] = load.perSecond(i -> anew(), turn);
      }
    }

    private byte[] anew() {
      return Requests.newScore(fresh.incrementAndGet());
    }

    void solve() {
      label("warm-");
      Meters meters = new Meters(palate.port());
      double seconds = meters.value("palate_adaptation_solve_seconds_sum");
      double count = meters.value("palate_adaptation_solve_seconds_count");
      label("user-");
      solveMicros =
          1e6
              * (meters.value("palate_adaptation_solve_seconds_sum") - seconds)
              / (meters.value("palate_adaptation_solve_seconds_count") - count);
    }

    private void label(String prefix) {
      try (ApiClient api = palate.client()) {
        for (int i = 0; i < USERS; i++) {
          int status =
              api.label(prefix + i, 0, Requests.tersePairs(LABELS), "Prefer", "wait=20").status();
          if (status != 200) {
            throw new IllegalStateException("feedback answered " + status);
          }
        }
      }
    }
  }

  /** Table rows. */
  String measure() throws IOException, SQLException {
    List<Replica> replicas = new ArrayList<>();
    try (Beside beside = new Beside(temp.resolve("experts"))) {
      for (int k : K) {
        Path bundle = TestBundles.randomBundle(temp.resolve("bundle-" + k), k, k);
        replicas.add(new Replica(k, beside.start("--palate.model.bundle=" + bundle)));
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (Replica replica : replicas) {
          replica.turn(round);
        }
      }
      replicas.forEach(Replica::solve);
    }
    StringBuilder table = new StringBuilder();
    Replica smallest = replicas.getFirst();
    for (Replica replica : replicas) {
      table.append(row(replica, smallest));
    }
    return table.toString();
  }

  private static String row(Replica replica, Replica smallest) {
    return String.format(
        Locale.ROOT,
        "| %d | %.2f | %.2f | %.1f x | %,.0f | %.1f | %,.0f | %,d |%n",
        replica.k,
        median(replica.cachedPerSecond) / median(smallest.cachedPerSecond),
        median(replica.newPerSecond) / median(smallest.newPerSecond),
        replica.solveMicros / smallest.solveMicros,
        median(replica.cachedPerSecond),
        median(replica.newPerSecond),
        replica.solveMicros,
        CacheSimulation.bytesOfOne(replica.k));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
