package dev.palate.chaos;

import dev.palate.chaos.Stored.Labelled;
import dev.palate.chaos.Stored.Weighted;
import dev.palate.chaos.Stored.Weights;
import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.taste.LabelMargin;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Compares what clients saw with what is stored. */
final class Checker {

  /**
   * A killed replica's job is taken over after 12 s without heartbeats, and then it runs; behind
   * 1,000 users' jobs, on a loaded machine.
   */
  private static final Duration SETTLES = Duration.ofSeconds(180);

  private final Function<List<LabelMargin>, Weights> reference;

  Checker(Function<List<LabelMargin>, Weights> reference) {
    this.reference = reference;
  }

  /** Waits until the cluster has nothing left to do, or has had its time, and judges. */
  static Verdict settle(ChaosCluster cluster, History history, String prefix) throws SQLException {
    Bundle bundle = Bundles.read(Path.of("models", "demo"));
    Checker checker = new Checker(new Reference(bundle)::weights);
    AtomicReference<Verdict> verdict = new AtomicReference<>();
    try (Connection connection = cluster.database().connect()) {
      Awaitility.await()
          .atMost(SETTLES)
          .pollInterval(Duration.ofMillis(250))
          .until(() -> {
            verdict.set(
                checker.verdict(history, Stored.read(connection, prefix, bundle.version())));
            return verdict.get().isSettled();
          });
    } catch (ConditionTimeoutException e) {
      // the verdict tells
    }
    System.out.println(verdict.get());
    return Objects.requireNonNull(verdict.get());
  }

  Verdict verdict(History history, Stored stored) {
    Set<SentLabel> present =
        stored.labels().stream().map(Labelled::label).collect(Collectors.toSet());
    return new Verdict(
        history.acknowledged().size(),
        (int) history.acknowledged().stream().filter(label -> !present.contains(label)).count(),
        doubled(stored),
        (int) present.stream().filter(label -> !history.sent().contains(label)).count(),
        diverged(stored),
        (int) stored.users().stream().filter(u -> u.solvedSeq() != u.feedbackSeq()).count(),
        stored.jobs(),
        history.wentBack());
  }

  /** Each label raises its user's {@code feedback_seq} by one, once. */
  private static int doubled(Stored stored) {
    Map<String, Long> counted = new HashMap<>();
    Set<List<String>> ids = new HashSet<>();
    int doubled = 0;
    for (Labelled row : stored.labels()) {
      counted.merge(row.label().user(), 1L, Long::sum);
      if (!ids.add(List.of(row.label().user(), row.label().id()))) {
        doubled++;
      }
    }
    for (Weighted user : stored.users()) {
      long labels = counted.getOrDefault(user.user(), 0L);
      doubled += (int) Math.max(0, user.feedbackSeq() - labels);
    }
    return doubled;
  }

  private int diverged(Stored stored) {
    Map<String, List<Labelled>> labels =
        stored.labels().stream().collect(Collectors.groupingBy(row -> row.label().user()));
    return (int)
        stored.users().stream()
            .filter(user -> !agrees(user, labels.getOrDefault(user.user(), List.of())))
            .count();
  }

  /** Who has no weights yet is unsolved and has not diverged. */
  private boolean agrees(Weighted user, List<Labelled> labels) {
    Weights weights = user.weights();
    if (weights == null || user.solvedSeq() != user.feedbackSeq()) {
      return true;
    }
    if (user.labels() != labels.size() || labels.stream().anyMatch(row -> row.margin() == null)) {
      return false;
    }
    Weights expected = reference.apply(labels.stream().map(Labelled::margin).toList());
    // Arrays.equals compares floats by their bits
    return Arrays.equals(expected.shift(), weights.shift())
        && Arrays.equals(expected.uncertainty(), weights.uncertainty())
        && Arrays.equals(expected.significant(), weights.significant());
  }
}
