package dev.palate.journey;

import dev.palate.reward.CacheSimulation;
import dev.palate.reward.TestBundles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** What more experts cost: random heads of K experts on the demo's encoder. */
final class ExpertScale {

  private static final int[] K = {16, 64, 256};
  private static final int LINES = 8;
  static final int LABELS = 20;
  private static final int USERS = 30;
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration TURN = Duration.ofSeconds(2);

  private final Path temp;
  private final AtomicInteger fresh = new AtomicInteger();

  ExpertScale(Path temp) {
    this.temp = temp;
  }

  private record Row(double cached, double anew, double solveMicros, double cachedBytes) {}

  /** Table rows. */
  String measure() throws IOException {
    StringBuilder table = new StringBuilder();
    Row smallest = null;
    for (int k : K) {
      Row row = measure(k);
      smallest = smallest == null ? row : smallest;
      table.append(
          String.format(
              Locale.ROOT,
              "| %d | %.2f | %.2f | %.1f x | %,.0f | %.1f | %,.0f | %,.0f |%n",
              k,
              row.cached / smallest.cached,
              row.anew / smallest.anew,
              row.solveMicros / smallest.solveMicros,
              row.cached,
              row.anew,
              row.solveMicros,
              row.cachedBytes));
    }
    return table.toString();
  }

  private Row measure(int k) throws IOException {
    Path bundle = TestBundles.randomBundle(temp.resolve("bundle-" + k), k, k);
    try (PalateProcess palate =
            PalateProcess.start(temp.resolve("experts"), "--palate.model.bundle=" + bundle);
        ApiClient api = palate.client();
        Load load = new Load(palate.port(), LINES)) {
      byte[] cached = Requests.score(null, true, Requests.PROMPT);
      load.perSecond(cached, WARM_UP);
      double cachedPerSecond = load.perSecond(cached, TURN);
      load.perSecond(i -> anew(), TURN);
      double anewPerSecond = load.perSecond(i -> anew(), TURN.plus(TURN));
      solve(api, "warm-", USERS);
      Meters meters = new Meters(palate.port());
      double seconds = meters.value("palate_adaptation_solve_seconds_sum");
      double count = meters.value("palate_adaptation_solve_seconds_count");
      solve(api, "user-", USERS);
      double micros =
          1e6
              * (meters.value("palate_adaptation_solve_seconds_sum") - seconds)
              / (meters.value("palate_adaptation_solve_seconds_count") - count);
      return new Row(cachedPerSecond, anewPerSecond, micros, CacheSimulation.bytesOfOne(k));
    }
  }

  private byte[] anew() {
    return Requests.newScore(fresh.incrementAndGet());
  }

  private static void solve(ApiClient api, String prefix, int users) {
    for (int i = 0; i < users; i++) {
      int status =
          api.label(prefix + i, 0, Requests.tersePairs(LABELS), "Prefer", "wait=20").status();
      if (status != 200) {
        throw new IllegalStateException("feedback answered " + status);
      }
    }
  }
}
