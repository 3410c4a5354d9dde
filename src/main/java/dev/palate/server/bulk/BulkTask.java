package dev.palate.server.bulk;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.palate.server.adaptation.AdaptationSchedule;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * How {@link BulkJob} stands in db-scheduler: the task {@code bulk-solve}, its instance a range. A
 * killed replica's ranges are revived as all executions are, when its heartbeats stay away.
 */
@Configuration(proxyBeanMethods = false)
class BulkTask {

  static final String NAME = AdaptationSchedule.BULK_TASK;
  private static final int MOST_FAILURES = 5;

  @Bean
  CustomTask<Void> bulkSolve(BulkJob job, AdaptationSchedule schedule, Clock clock) {
    return Tasks.custom(NAME, Void.class)
        .onFailure((complete, operations) -> failed(job, clock, complete, operations))
        .execute((instance, context) ->
            switch (job.run(BulkRange.Key.parse(instance.getId()))) {
              case BulkJob.Outcome.Finished() -> (complete, operations) -> operations.remove();
              case BulkJob.Outcome.Later(Duration pause) ->
                  (complete, operations) -> {
                    Instant next =
                        pause.isZero()
                            ? AdaptationSchedule.atOnce(clock)
                            : clock.instant().plus(pause);
                    operations.reschedule(complete, next);
                    if (pause.isZero()) {
                      schedule.wake();
                    }
                  };
            });
  }

  /** 1 s, 2 s, 4 s, 8 s; then the range's users are left to their own jobs. */
  private static void failed(
      BulkJob job, Clock clock, ExecutionComplete complete, ExecutionOperations<Void> operations) {
    int failures = complete.getExecution().consecutiveFailures;
    if (failures + 1 < MOST_FAILURES) {
      operations.reschedule(
          complete, clock.instant().plus(Duration.ofSeconds(1L << Math.max(0, failures))));
    } else {
      job.giveUp(BulkRange.Key.parse(complete.getExecution().taskInstance.getId()));
      operations.remove();
    }
  }
}
