package dev.palate.server.score;

import dev.palate.core.bundle.Bundle;
import dev.palate.server.changes.UserDigest;
import dev.palate.server.store.StoredWeights;
import dev.palate.server.store.UserId;
import dev.palate.server.store.UserWeights;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Gives users' shifts, from memory where they are up to date, and never lets a slow or absent
 * database hold up a score: what is not there within the budget is answered from the last known
 * shift or the prior, and called stale.
 *
 * <p>Reads run on threads of their own, a bounded number at a time. A read that overstays is left
 * to end by itself, for interrupting it would cost the pool its connection; while the places are
 * taken by such reads, further ones give up within the same budget.
 */
@Component
final class ShiftReader {

  private static final Logger log = LoggerFactory.getLogger(ShiftReader.class);
  static final Duration BUDGET = Duration.ofMillis(150);
  private static final int PLACES = 16;

  private final UserWeights weights;
  private final ShiftCache cache;
  private final Counter remembered;
  private final Counter read;
  private final Counter unavailable;
  private final Semaphore places = new Semaphore(PLACES);
  private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();

  ShiftReader(UserWeights weights, ShiftCache cache, MeterRegistry meters) {
    this.weights = weights;
    this.cache = cache;
    this.remembered = lookups("remembered", meters);
    this.read = lookups("read", meters);
    this.unavailable =
        Counter.builder("palate.score.weights.unavailable")
            .description("Reads of a user's weights that failed or took too long")
            .register(meters);
  }

  private static Counter lookups(String result, MeterRegistry meters) {
    return Counter.builder("palate.score.weights.lookups")
        .description("Users' weights found in memory, and reads of the database")
        .tag("result", result)
        .register(meters);
  }

  /** A process's first query takes longer than the budget: it is not a caller's. */
  @EventListener
  void warmUp(ApplicationStartedEvent event) {
    try {
      weights.find(new UserId("warm-up"), "none");
    } catch (RuntimeException e) {
      log.warn("No weights can be read yet: {}", e.getClass().getSimpleName());
    }
  }

  @PreDestroy
  void close() {
    readers.shutdownNow();
  }

  /** The shift of a caller who is nobody: the mean of the prior. Touches no database. */
  static UserShift anonymous(Bundle bundle) {
    return new UserShift(ScoreAnswer.Weights.PRIOR, 0, bundle.prior().mean());
  }

  Map<UserId, UserShift> read(Set<UserId> users, Bundle bundle) {
    if (users.isEmpty()) {
      return Map.of();
    }
    Map<UserId, UserShift> shifts = new HashMap<>();
    List<Awaited> awaited = new ArrayList<>();
    long deadline = 0;
    for (UserId user : users) {
      UserDigest digest = UserDigest.of(user);
      ShiftCache.Found found = cache.find(digest, bundle.version());
      if (found.upToDate() != null) {
        shifts.put(user, found.upToDate());
        continue;
      }
      deadline = awaited.isEmpty() ? System.nanoTime() + BUDGET.toNanos() : deadline;
      awaited.add(new Awaited(user, found.lastKnown(), read(user, digest, bundle)));
    }
    remembered.increment(shifts.size());
    for (Awaited read : awaited) {
      UserShift shift = await(read.result, deadline);
      shifts.put(read.user, shift == null ? unavailable(read.lastKnown, bundle) : shift);
    }
    return shifts;
  }

  private record Awaited(UserId user, @Nullable UserShift lastKnown, Future<UserShift> result) {}

  private Future<UserShift> read(UserId user, UserDigest digest, Bundle bundle) {
    return cache.read(
        digest,
        bundle.version(),
        reading ->
            readers.execute(() -> {
              try {
                reading.ended(readOne(user, bundle));
              } catch (Throwable e) {
                reading.failed(e);
              }
            }));
  }

  private UserShift readOne(UserId user, Bundle bundle)
      throws InterruptedException, TimeoutException {
    if (!places.tryAcquire(BUDGET.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new TimeoutException("other reads take too long");
    }
    try {
      read.increment();
      Optional<StoredWeights> stored = weights.find(user, bundle.version());
      return stored.map(ShiftReader::personal).orElseGet(() -> anonymous(bundle));
    } finally {
      places.release();
    }
  }

  private UserShift unavailable(@Nullable UserShift lastKnown, Bundle bundle) {
    unavailable.increment();
    return lastKnown == null
        ? new UserShift(ScoreAnswer.Weights.STALE, 0, bundle.prior().mean())
        : new UserShift(ScoreAnswer.Weights.STALE, lastKnown.version(), lastKnown.shift());
  }

  private static UserShift personal(StoredWeights stored) {
    boolean pending = stored.feedbackSeq() > stored.solvedSeq();
    double[] shift = new double[stored.shift().length];
    for (int k = 0; k < shift.length; k++) {
      shift[k] = stored.shift()[k];
    }
    return new UserShift(
        pending ? ScoreAnswer.Weights.STALE : ScoreAnswer.Weights.PERSONAL,
        stored.version(),
        shift);
  }

  private static @Nullable UserShift await(Future<UserShift> read, long deadline) {
    try {
      return read.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      log.warn("A user's weights were not read in time");
    } catch (ExecutionException e) {
      log.warn("A user's weights could not be read: {}", cause(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return null;
  }

  private static String cause(ExecutionException e) {
    Throwable cause = e.getCause();
    return cause == null ? "unknown" : cause.getClass().getSimpleName();
  }
}
