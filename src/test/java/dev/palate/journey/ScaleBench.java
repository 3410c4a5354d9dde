package dev.palate.journey;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scale law: what one replica does under more and more load, with more users, labels and
 * experts and a larger cache, and what follows for capacity. {@code mvn -Pbench verify
 * -Dit.test=ScaleBench} writes docs/benchmarks.md; {@code -Dscale.step=1s} is a quick run.
 */
class ScaleBench {

  private static final Duration STEP =
      Duration.parse("PT" + System.getProperty("scale.step", "2s"));
  private static final int[] USERS = {1_000, 10_000, 100_000};
  private static final int QUEUE_TOKENS = 3072;
  private static final String SHARED =
      """
      Written by `mvn -Pbench verify -Dit.test=ScaleBench`. The load generator and PostgreSQL share the machine with the replica, so the ratios say more
      than the absolute figures.
      """;

  @TempDir Path temp;

  @Test
  void aReplicaUnderLoadAndItsUsers() throws IOException, SQLException {
    Path data = temp.resolve("replica");
    try (PalateProcess palate =
            PalateProcess.start(data, "--palate.model.queue-tokens=" + QUEUE_TOKENS);
        BenchDatabase database = BenchDatabase.of(data)) {
      ReplicaLoad.Figures load = new ReplicaLoad(palate, database, STEP).measure();
      BenchmarkReport.section("Scale: offered load", offeredLoad(load));
      Sizes sizes = Sizes.of(database);
      UserScale scale = new UserScale(palate, database);
      UserScale.Figures users = scale.users(USERS);
      BenchmarkReport.section("Scale: users and labels", users(users.markdown(), scale.labels()));
      BenchmarkReport.section("Capacity", capacity(load, users.userBytes(), sizes));
    }
  }

  @Test
  void moreExperts() throws IOException, SQLException {
    BenchmarkReport.section(
        "Scale: experts",
        SHARED
            + """

            Random heads of K experts on the demo's encoder, a replica for each K, medians of %d rounds in which all run in turn. Cached and new `/score` (a prompt,
            two responses) in a closed loop; a user's solve with its null band, %d labels, from the service's meter (`palate_adaptation_solve_seconds`).

            | K | cached `/score`/s, to K = 16 | new `/score`/s, to K = 16 | time of a solve, to K = 16 | cached/s | new/s | solve, us | bytes a text in the cache |
            |---|---|---|---|---|---|---|---|
            %s
            The scores hardly feel K (what they differ by here is within the noise of a shared machine); the solve grows, though less than K does, and so do the bytes in the
            cache and in PostgreSQL. What to do: let training drop unused experts; more replicas share the solving.
            """
                .formatted(
                    ExpertScale.ROUNDS, ExpertScale.LABELS, new ExpertScale(temp, STEP).measure()));
  }

  @Test
  void aLargerCache() throws IOException, SQLException {
    BenchmarkReport.section(
        "Scale: score cache", SHARED + "\n" + new CacheScale(temp, STEP).measure());
  }

  private static String offeredLoad(ReplicaLoad.Figures load) {
    return SHARED
        + """

        One replica, the demo bundle, each kind of request by itself: a closed loop of 8 connections finds how many requests a second it answers (median of 3
        turns), then requests arrive by a Poisson process (open model) at shares of that, %d s each (new texts %d s), whether or not earlier ones were answered.
        Times are measured from the intended arrival: waiting for a free connection of the generator's 256 counts. "Second half to first": the median of the
        second half's arrivals to the first half's; about 1 where the wait is bounded, 3 where it grows as long as the overload lasts (the times in such a row
        are those after one step of it). Kept up with: the largest share of which none was refused and 93 %% were answered within the step. Where twice
        the closed loop was kept up with, 8 connections did not find the bound, and the steps go on.
        `palate.model.queue-tokens` is %d here instead of 262144, so that its bound is reached within a step.

        %s\
        """
            .formatted(
                STEP.toSeconds(),
                STEP.multipliedBy(ReplicaLoad.NEW_TEXTS).toSeconds(),
                QUEUE_TOKENS,
                load.kinds().stream()
                    .map(OfferedLoad.Outcome::markdown)
                    .collect(Collectors.joining("\n")));
  }

  private static String users(String users, String labels) {
    return SHARED
        + """

        Rows of weights in PostgreSQL; `/score` of a cached text for users at random (closed loop, 8 connections), each for the first time (read from PostgreSQL)
        and once more (remembered, `palate.user-weights.cache-entries` being 100,000).

        | users | first time, to remembered | remembered, to the fewest users | first time/s | remembered/s |
        |---|---|---|---|---|
        %s
        From sending a feedback with `Prefer: wait` to the answer with the new weights (texts seen before, %d users each, one after another): all labels at once,
        then one label more.

        | labels | all at once, p50 ms | max ms | one more, p50 ms | max ms |
        |---|---|---|---|---|
        %s
        A read by primary key does not feel the number of users; what to do for more users than cache entries: raise `palate.user-weights.cache-entries`. Labels cost
        a row each to store and to read again: several a request where they come together.
        """
            .formatted(users, UserScale.LABELLERS, labels);
  }

  /** Bytes of PostgreSQL, with indexes. */
  private record Sizes(double label, double text, double version) {

    /** After a load of labels on a database that was empty. */
    static Sizes of(BenchDatabase database) throws SQLException {
      double labels = database.rows("label");
      double text =
          database.number(
                  "select sum(octet_length(prompt) + octet_length(chosen) + octet_length(rejected)) from label")
              / labels;
      return new Sizes(
          database.bytes("label", "label_margin") / labels,
          text,
          database.bytes("expert_weights_history")
              / (double) database.rows("expert_weights_history"));
    }
  }

  private static String capacity(ReplicaLoad.Figures load, double userBytes, Sizes sizes) {
    String kinds =
        load.kinds().stream()
            .map(kind ->
                String.format(
                    Locale.ROOT,
                    "| %s, requests/s a replica: closed loop | %,.0f |%n| the same, kept up with at open load | %,.0f |%n",
                    kind.name(),
                    kind.capacity(),
                    kind.kept()))
            .collect(Collectors.joining());
    double with20 = userBytes + 20 * sizes.label + 4 * sizes.version;
    return SHARED
        + String.format(
            Locale.ROOT,
            """

            From the figures above; K = 64 of the demo bundle. Bytes are `pg_total_relation_size` to rows, indexes and dead rows counted.

            | | |
            |---|---|
            %s| labels/s a replica, taken, stored, scored and solved (texts seen before, %d a feedback) | %,.0f |
            | bytes a user with weights | %,.0f |
            | bytes a label with its margins, of which its texts are %,.0f | %,.0f |
            | bytes a version of weights in the history (one a solve) | %,.0f |
            | users with weights and nothing else in 100 GB | %,.0f million |
            | users with 20 labels in 4 feedbacks in 100 GB | %,.1f million |

            Replicas share nothing but PostgreSQL, so scores should grow with their number, and labels until PostgreSQL is busy: one replica was measured, not several.
            """,
            kinds,
            ReplicaLoad.LABELS,
            load.labelsPerSecond(),
            userBytes,
            sizes.text,
            sizes.label,
            sizes.version,
            100e9 / userBytes / 1e6,
            100e9 / with20 / 1e6);
  }
}
