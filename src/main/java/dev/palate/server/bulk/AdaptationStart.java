package dev.palate.server.bulk;

import dev.palate.core.runtime.LiveModel;
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
 * At the start all users whose weights for the live model are behind are solved in bulk: what
 * another model version than before, an older solver, or a lost task table leaves behind.
 *
 * <p>While an upgrade is rolled out, replicas of the version before write weights of an older
 * solver beside this one, after the bulk too. They are served as they are, and looked for again
 * later. Such a replica writes a user's weights only after new feedback, so each is solved again
 * once.
 */
@Component
class AdaptationStart {

  private static final Logger LOG = LoggerFactory.getLogger(AdaptationStart.class);
  private static final Duration FIRST_LOOK = Duration.ofMinutes(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);

  private final BulkStart bulk;
  private final LiveModel model;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("palate-older-solver").daemon().factory());

  AdaptationStart(BulkStart bulk, LiveModel model) {
    this.bulk = bulk;
    this.model = model;
  }

  @EventListener(ApplicationReadyEvent.class)
  void onReady() {
    if (bulk.startIfBehind(model.current().bundle().version())) {
      LOG.info("Some users' weights are behind their labels or the model: a bulk solve runs");
    }
    var unused =
        timer.scheduleWithFixedDelay(
            this::look, FIRST_LOOK.toMinutes(), BETWEEN_LOOKS.toMinutes(), TimeUnit.MINUTES);
  }

  /** For weights that replicas of an older version wrote since. */
  void look() {
    try {
      if (bulk.startIfOlderSolver(model.current().bundle().version())) {
        LOG.info("Some users' weights are of an older solver: a bulk solve runs");
      }
    } catch (RuntimeException e) {
      // no database, most likely: the next look comes
      LOG.debug("Weights of an older solver were not looked for", e);
    }
  }

  @PreDestroy
  void close() {
    timer.shutdownNow();
  }
}
