package dev.palate.server.weights;

import dev.palate.server.changes.WeightsSolved;
import dev.palate.server.store.UserId;
import dev.palate.server.store.WeightsRepository;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Lets a request wait for a solve without holding a connection. Solves of this instance wake it at
 * once; those of another replica are found by looking at the database in between.
 */
@Component
public class SolveWait {

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final WeightsRepository weights;
  private final Map<UserId, Set<Semaphore>> waiting = new ConcurrentHashMap<>();

  SolveWait(WeightsRepository weights) {
    this.weights = weights;
  }

  /**
   * Whether the user's weights had seen {@code feedbackSeq} before {@code patience} ended.
   *
   * @param solverVersion weights of an older solver do not count
   */
  public boolean until(
      UserId user, String modelVersion, int solverVersion, long feedbackSeq, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    Semaphore bell = new Semaphore(0);
    waiting.compute(
        user,
        (u, bells) -> {
          Set<Semaphore> all = bells == null ? ConcurrentHashMap.newKeySet() : bells;
          all.add(bell);
          return all;
        });
    try {
      while (!solved(user, modelVersion, solverVersion, feedbackSeq)) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        boolean rung = bell.tryAcquire(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS);
        if (rung) {
          bell.drainPermits();
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waiting.computeIfPresent(
          user,
          (u, bells) -> {
            bells.remove(bell);
            return bells.isEmpty() ? null : bells;
          });
    }
  }

  private boolean solved(UserId user, String modelVersion, int solverVersion, long feedbackSeq) {
    return weights
        .find(user, modelVersion)
        .filter(w -> w.solvedSeq() >= feedbackSeq && w.solverVersion() >= solverVersion)
        .isPresent();
  }

  @EventListener
  void onSolved(WeightsSolved solved) {
    waiting.getOrDefault(solved.user(), Set.of()).forEach(Semaphore::release);
  }
}
