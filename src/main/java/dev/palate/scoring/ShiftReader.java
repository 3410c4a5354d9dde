package dev.palate.scoring;

import dev.palate.reward.Bundle;
import dev.palate.user.StoredWeights;
import dev.palate.user.UserId;
import dev.palate.user.UserWeights;
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
 * Reads users' shifts, and never lets a slow or absent database hold up a score: what is not there
 * within the budget is answered from the prior and called stale.
 *
 * <p>Reads run on threads of their own, a bounded number at a time. A read that overstays is left
 * to end by itself, for interrupting it would cost the pool its connection; while the places are
 * taken by such reads, further ones give up within the same budget.
 */
@Component
final class ShiftReader {

  private static final Logger log = LoggerFactory.getLogger(ShiftReader.class);
  private static final Duration BUDGET = Duration.ofMillis(150);
  private static final int PLACES = 16;

  private final UserWeights weights;
  private final Counter unavailable;
  private final Semaphore places = new Semaphore(PLACES);
  private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();

  ShiftReader(UserWeights weights, MeterRegistry meters) {
    this.weights = weights;
    this.unavailable =
        Counter.builder("palate.score.weights.unavailable")
            .description("Reads of a user's weights that failed or took too long")
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
    long deadline = System.nanoTime() + BUDGET.toNanos();
    List<Map.Entry<UserId, Future<@Nullable UserShift>>> reads = new ArrayList<>();
    for (UserId user : users) {
      reads.add(Map.entry(user, readers.submit(() -> readOne(user, bundle, deadline))));
    }
    Map<UserId, UserShift> shifts = new HashMap<>();
    for (Map.Entry<UserId, Future<@Nullable UserShift>> read : reads) {
      UserShift shift = await(read.getValue(), deadline);
      if (shift == null) {
        unavailable.increment();
        shift = new UserShift(ScoreAnswer.Weights.STALE, 0, bundle.prior().mean());
      }
      shifts.put(read.getKey(), shift);
    }
    return shifts;
  }

  private @Nullable UserShift readOne(UserId user, Bundle bundle, long deadline)
      throws InterruptedException {
    if (!places.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      return null;
    }
    try {
      Optional<StoredWeights> stored = weights.find(user, bundle.version());
      return stored.map(ShiftReader::personal).orElseGet(() -> anonymous(bundle));
    } finally {
      places.release();
    }
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

  private static @Nullable UserShift await(Future<@Nullable UserShift> read, long deadline) {
    try {
      return read.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      log.warn("A user's weights were not read in time; the prior serves");
    } catch (ExecutionException e) {
      log.warn("A user's weights could not be read; the prior serves: {}", cause(e));
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
