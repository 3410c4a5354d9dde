package dev.palate.server.adaptation;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.palate.server.store.UserId;
import dev.palate.server.store.UserMemory;
import dev.palate.server.store.UserState;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How {@link AdaptationJob} stands in db-scheduler: the task {@code adapt}, its instance the user's
 * id; and how a run ends, always under the user's lock.
 */
@Configuration(proxyBeanMethods = false)
class AdaptationTask {

  static final String NAME = "adapt";
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /** The scheduler goes by the clock that all else goes by. */
  @Bean
  com.github.kagkarlsson.scheduler.Clock schedulerClock(Clock clock) {
    return clock::instant;
  }

  @Bean
  CustomTask<Void> adaptation(
      AdaptationJob job,
      UserMemory memory,
      AdaptationSchedule schedule,
      TransactionTemplate transaction,
      Clock clock) {
    Ending ending = new Ending(memory, schedule, transaction, clock);
    return Tasks.custom(NAME, Void.class)
        .onFailure(ending::failed)
        .execute((instance, context) -> {
          UserId user = new UserId(instance.getId());
          return switch (job.run(user)) {
            case AdaptationJob.Outcome.Solved(UserState read, String version) ->
                ending.solved(user, read, () -> job.serves(version));
            case AdaptationJob.Outcome.Later(UserState read, Duration pause) ->
                ending.later(user, read, pause);
            case AdaptationJob.Outcome.Nobody() ->
                (complete, operations) -> schedule.removeOrphan(user);
          };
        });
  }

  /** Whether the model the weights were solved for still serves. */
  private interface StillServes {
    boolean now();
  }

  private record Ending(
      UserMemory memory,
      AdaptationSchedule schedule,
      TransactionTemplate transaction,
      Clock clock) {

    CompletionHandler<Void> solved(UserId user, UserState read, StillServes model) {
      return (complete, operations) ->
          ifSame(
              user,
              read,
              now -> {
                if (now.feedbackSeq() == read.feedbackSeq() && model.now()) {
                  operations.remove();
                } else {
                  operations.reschedule(complete, AdaptationSchedule.atOnce(clock));
                  schedule.wakeAfterCommit();
                }
              });
    }

    CompletionHandler<Void> later(UserId user, UserState read, Duration pause) {
      Duration bounded = pause.compareTo(LONGEST_WAIT) < 0 ? pause : LONGEST_WAIT;
      return (complete, operations) ->
          ifSame(user, read, now -> operations.reschedule(complete, clock.instant().plus(bounded)));
    }

    /** Another incarnation's row is not ours to touch; our own went with the erasure. */
    private void ifSame(UserId user, UserState read, Consumer<UserState> ending) {
      transaction.executeWithoutResult(status ->
          memory
              .lock(user)
              .filter(now -> now.incarnation().equals(read.incarnation()))
              .ifPresent(ending));
    }

    /** 1 s, 2 s, 4 s ... 1 min. With the database away, heartbeats end and the run is revived. */
    void failed(ExecutionComplete complete, ExecutionOperations<Void> operations) {
      UserId user = new UserId(complete.getExecution().taskInstance.getId());
      int failures = Math.min(complete.getExecution().consecutiveFailures, 10);
      Duration backoff = Duration.ofSeconds(1L << failures);
      Duration longest = AdaptationSchedule.LONGEST_PAUSE;
      Duration bounded = backoff.compareTo(longest) < 0 ? backoff : longest;
      transaction.executeWithoutResult(status -> {
        Optional<UserState> now = memory.lock(user);
        if (now.isPresent()) {
          operations.reschedule(complete, clock.instant().plus(bounded));
        } else {
          schedule.removeOrphan(user);
        }
      });
    }
  }
}
