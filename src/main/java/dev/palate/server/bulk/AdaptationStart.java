package dev.palate.server.bulk;

import dev.palate.core.runtime.LiveModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * At the start all users whose weights for the live model are behind are solved in bulk: what
 * another model version than before, or a lost task table, leaves behind.
 */
@Component
class AdaptationStart {

  private static final Logger LOG = LoggerFactory.getLogger(AdaptationStart.class);

  private final BulkStart bulk;
  private final LiveModel model;

  AdaptationStart(BulkStart bulk, LiveModel model) {
    this.bulk = bulk;
    this.model = model;
  }

  @EventListener(ApplicationReadyEvent.class)
  void onReady() {
    if (bulk.startIfBehind(model.current().bundle().version())) {
      LOG.info("Some users' weights are behind their labels or the model: a bulk solve runs");
    }
  }
}
