package dev.palate.server.users;

import com.github.kagkarlsson.scheduler.task.Priority;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.palate.server.adaptation.AdaptationSchedule;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * How {@link RetentionJob} stands in db-scheduler: the task {@code retention} of one instance,
 * which whichever replica comes first puts there and whichever is free runs, once an hour.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RetentionSettings.class)
class RetentionTask {

  static final String NAME = "retention";
  static final String INSTANCE = "hourly";
  private static final Duration EVERY = Duration.ofHours(1);
  private static final Duration AFTER_START = Duration.ofMinutes(1);
  private static final Duration AFTER_FAILURE = Duration.ofMinutes(5);

  @Bean
  CustomTask<Void> retention(RetentionJob job, AdaptationSchedule schedule, Clock clock) {
    return Tasks.custom(NAME, Void.class)
        .defaultPriority(Priority.LOW)
        .scheduleOnStartup(INSTANCE, null, now -> now.plus(AFTER_START))
        .onFailure((complete, operations) ->
            operations.reschedule(complete, clock.instant().plus(AFTER_FAILURE)))
        .execute((instance, context) -> {
          boolean done = job.run();
          return (complete, operations) -> {
            operations.reschedule(complete, done ? clock.instant().plus(EVERY) : clock.instant());
            if (!done) {
              schedule.wake();
            }
          };
        });
  }
}
