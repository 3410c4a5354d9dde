package dev.palate.adaptation;

import dev.palate.reward.LiveModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** At the start every user whose weights for the live model are behind is scheduled. */
@Component
class AdaptationStart {

  private static final Logger LOG = LoggerFactory.getLogger(AdaptationStart.class);

  private final AdaptationSchedule schedule;
  private final LiveModel model;

  AdaptationStart(AdaptationSchedule schedule, LiveModel model) {
    this.schedule = schedule;
    this.model = model;
  }

  @EventListener(ApplicationReadyEvent.class)
  void onReady() {
    int users = schedule.scheduleUnsolved(model.current().bundle().version());
    if (users > 0) {
      LOG.info("Scheduled {} users whose weights are behind their labels or the model", users);
    }
  }
}
