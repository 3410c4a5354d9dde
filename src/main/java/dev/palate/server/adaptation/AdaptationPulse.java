package dev.palate.server.adaptation;

import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Wakes the scheduler by elapsed time. By itself it waits for the clock to have moved on by its
 * polling interval: where the clock is set back an hour meanwhile, for an hour and a bit, and what
 * other replicas scheduled and what was to be tried again would lie there for as long. What was to
 * be tried again by the clock before it was set back is brought forward.
 */
@Component
class AdaptationPulse {

  private static final Logger LOG = LoggerFactory.getLogger(AdaptationPulse.class);
  private static final Duration BEAT = Duration.ofSeconds(5);

  private final AdaptationSchedule schedule;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("palate-pulse").daemon().factory());

  AdaptationPulse(AdaptationSchedule schedule) {
    this.schedule = schedule;
  }

  @EventListener(ApplicationReadyEvent.class)
  void onReady() {
    var unused =
        timer.scheduleWithFixedDelay(
            this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void beat() {
    schedule.wake();
    try {
      schedule.bringForward();
    } catch (RuntimeException e) {
      // no database, most likely: the next beat comes
      LOG.debug("What was put off too far was not brought forward", e);
    }
  }

  @PreDestroy
  void close() {
    timer.shutdownNow();
  }
}
