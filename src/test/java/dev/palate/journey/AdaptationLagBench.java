package dev.palate.journey;

import static org.awaitility.Awaitility.await;

import dev.palate.journey.ApiClient.Pair;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How soon weights follow feedback: from sending {@code POST /users/<id>/feedback} to the first GET
 * that shows the solved version, one user after another on an otherwise idle service. {@code mvn
 * -Pbench verify} writes docs/benchmarks.md.
 */
class AdaptationLagBench {

  private static final int USERS = 200;
  private static final int WARM_UP = 20;
  private static final int LABELS = 5;

  @TempDir Path temp;

  @Test
  void weightsFollowFeedback() throws IOException {
    double[] seen = new double[USERS];
    double[] accepted = new double[USERS];
    try (PalateProcess palate = PalateProcess.start(temp.resolve("data"));
        ApiClient api = palate.client()) {
      for (int i = -WARM_UP; i < USERS; i++) {
        String user = "user-" + (i + WARM_UP);
        List<Pair> labels = labelsOf(i + WARM_UP);
        long start = System.nanoTime();
        int status = api.label(user, 0, labels).status();
        double acceptedMs = (System.nanoTime() - start) / 1e6;
        if (status != 202) {
          throw new AssertionError("feedback answered " + status);
        }
        await()
            .pollInSameThread()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(10))
            .until(() ->
                api.get("/users/" + user + "/expert-weights").body().path("version").asInt() >= 1);
        if (i >= 0) {
          seen[i] = (System.nanoTime() - start) / 1e6;
          accepted[i] = acceptedMs;
        }
      }
    }
    BenchmarkReport.section(
        "Adaptation lag",
        String.format(
            Locale.ROOT,
            """
            %d users one after another, %d labels each whose texts the model has never seen; from sending the POST to the GET that shows the new
            version, asked for every 10 ms.

            | | p50 ms | p99 ms | max ms |
            |---|---|---|---|
            | POST answered (202) | %.1f | %.1f | %.1f |
            | new weights visible | %.1f | %.1f | %.1f |
            """,
            USERS,
            LABELS,
            percentile(accepted, .5),
            percentile(accepted, .99),
            percentile(accepted, 1),
            percentile(seen, .5),
            percentile(seen, .99),
            percentile(seen, 1)));
  }

  /** Each user's texts are new to the model, so that every label costs forward passes. */
  private static List<Pair> labelsOf(int user) {
    List<Pair> labels = new ArrayList<>();
    for (Pair pair : TersePairs.pairs(user % (TersePairs.size() - LABELS), LABELS)) {
      labels.add(
          new Pair(
              pair.prompt() + " (asked by " + user + ")",
              pair.chosen() + " So says " + user + ".",
              pair.rejected() + " So says " + user + "."));
    }
    return labels;
  }

  private static double percentile(double[] values, double p) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)];
  }
}
