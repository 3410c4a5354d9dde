package dev.palate.core.model.cache;

import dev.palate.core.model.Passage;
import dev.palate.core.model.PassageModel;
import dev.palate.core.model.PassageReading;
import dev.palate.core.model.PassageScore;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.ScoreTimings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Has each missing passage read by one call at a time, however many want it.
 *
 * <p><b>Claims.</b> A call claims what nobody is reading, reads all it claimed in one go, admitted
 * whole or refused whole, and only then waits for what others have claimed. Since no call waits
 * before its own claims are settled, calls that want each other's passages cannot wait in a ring.
 *
 * <p><b>Nobody fails for another.</b> However a reading ends that gave no scores (its caller left,
 * its deadline passed, it was refused, it broke, it forbade truncation), its claims are given up,
 * and who waits for them claims them in turn, under its own deadline. Each such round ends at least
 * one call with an outcome of its own, so the rounds end. A call that is refused in a later round
 * is refused whole; what it had read before stays in the cache and makes its next try cheaper.
 *
 * <p><b>Twice is possible, never at once.</b> Scores are put in the cache before the claim is
 * lifted, and whoever claims looks there once more. Only an entry that the cache turned away at
 * once is read again.
 */
final class SharedReading {
  private final PassageModel model;
  private final ScoreCache cache;
  private final Clock clock;

  /** Empty: given up. */
  private final ConcurrentMap<TextKey, CompletableFuture<Optional<PassageScore>>> claims =
      new ConcurrentHashMap<>();

  SharedReading(PassageModel model, ScoreCache cache, Clock clock) {
    this.model = model;
    this.cache = cache;
    this.clock = clock;
  }

  /**
   * As {@link PassageModel#read}; the passages' order is the map's.
   *
   * @throws CancellationException if the thread is interrupted
   */
  PassageReading read(SequencedMap<TextKey, Passage> wanted, ScoreOptions options) {
    Map<TextKey, PassageScore> got = new HashMap<>();
    SequencedMap<TextKey, Passage> left = new LinkedHashMap<>(wanted);
    ScoreTimings timings = ScoreTimings.NONE;
    while (!left.isEmpty()) {
      Map<TextKey, CompletableFuture<Optional<PassageScore>>> others = new HashMap<>();
      Claims own = claim(left, others);
      try {
        PassageReading reading = own.read(options);
        if (!(reading instanceof PassageReading.Read read)) {
          return reading instanceof PassageReading.TooLong(int passage, int tokens)
              ? new PassageReading.TooLong(own.indexIn(wanted, passage), tokens)
              : reading;
        }
        timings = plus(timings, read.timings());
        got.putAll(own.landed);
      } finally {
        own.giveUpTheRest();
      }
      long start = System.nanoTime();
      if (!await(others, options.deadline(), got)) {
        return new PassageReading.Refused(new ScoreResult.DeadlineExceeded());
      }
      timings = plus(timings, waited(Duration.ofNanos(System.nanoTime() - start)));
      cache.counted(0, own.landed.size(), others.size());
      left.keySet().removeAll(got.keySet());
    }
    List<PassageScore> scores = new ArrayList<>(wanted.size());
    wanted.keySet().forEach(key -> scores.add(Objects.requireNonNull(got.get(key))));
    return new PassageReading.Read(scores, timings);
  }

  private Claims claim(
      Map<TextKey, Passage> wanted,
      Map<TextKey, CompletableFuture<Optional<PassageScore>>> others) {
    Claims own = new Claims();
    wanted.forEach((key, passage) -> {
      CompletableFuture<Optional<PassageScore>> mine = new CompletableFuture<>();
      CompletableFuture<Optional<PassageScore>> theirs = claims.putIfAbsent(key, mine);
      if (theirs == null) {
        own.passages.put(key, passage);
      } else {
        others.put(key, theirs);
      }
    });
    return own;
  }

  /** False: the deadline passed. What was given up is not in {@code got} afterwards. */
  private boolean await(
      Map<TextKey, CompletableFuture<Optional<PassageScore>>> others,
      @Nullable Instant deadline,
      Map<TextKey, PassageScore> got) {
    for (Map.Entry<TextKey, CompletableFuture<Optional<PassageScore>>> other : others.entrySet()) {
      try {
        Optional<PassageScore> score =
            deadline == null
                ? other.getValue().get()
                : other.getValue().get(millisUntil(deadline), TimeUnit.MILLISECONDS);
        score.ifPresent(s -> got.put(other.getKey(), s));
      } catch (TimeoutException e) {
        return false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        CancellationException cancelled = new CancellationException("the caller was interrupted");
        cancelled.initCause(e);
        throw cancelled;
      } catch (ExecutionException e) {
        throw new IllegalStateException("a claim is given up, it never fails", e);
      }
    }
    return true;
  }

  private long millisUntil(Instant deadline) {
    return Math.max(0, Duration.between(clock.instant(), deadline).toMillis());
  }

  private static ScoreTimings waited(Duration waited) {
    return new ScoreTimings(waited, Duration.ZERO, Duration.ZERO);
  }

  private static ScoreTimings plus(ScoreTimings a, ScoreTimings b) {
    return new ScoreTimings(
        a.queue().plus(b.queue()),
        a.tokenize().plus(b.tokenize()),
        a.inference().plus(b.inference()));
  }

  /** What one call has promised to read. */
  private final class Claims {
    final SequencedMap<TextKey, Passage> passages = new LinkedHashMap<>();
    final Map<TextKey, PassageScore> landed = new HashMap<>();
    private List<TextKey> asked = List.of();

    PassageReading read(ScoreOptions options) {
      asked = new ArrayList<>(passages.size());
      List<Passage> unread = new ArrayList<>(passages.size());
      passages.forEach((key, passage) -> {
        PassageScore found = cache.find(key); // landed after this call had looked
        if (found != null) {
          land(key, found);
        } else {
          asked.add(key);
          unread.add(passage);
        }
      });
      if (unread.isEmpty()) {
        return new PassageReading.Read(List.of(), ScoreTimings.NONE);
      }
      PassageReading reading = model.read(unread, options);
      if (reading instanceof PassageReading.Read read) {
        for (int i = 0; i < asked.size(); i++) {
          cache.put(asked.get(i), read.scores().get(i));
          land(asked.get(i), read.scores().get(i));
        }
      }
      return reading;
    }

    private void land(TextKey key, PassageScore score) {
      landed.put(key, score);
      lift(key, Optional.of(score));
    }

    private void lift(TextKey key, Optional<PassageScore> score) {
      CompletableFuture<Optional<PassageScore>> claim = claims.remove(key);
      if (claim != null) {
        claim.complete(score);
      }
    }

    void giveUpTheRest() {
      passages
          .keySet()
          .forEach(key -> {
            if (!landed.containsKey(key)) {
              lift(key, Optional.empty());
            }
          });
    }

    int indexIn(SequencedMap<TextKey, Passage> wanted, int index) {
      return new ArrayList<>(wanted.keySet()).indexOf(asked.get(index));
    }
  }
}
