package dev.palate.server.models;

import dev.palate.core.runtime.LiveModel;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Down once the model's forward thread has ended. Nothing in the process brings it back, so that it
 * counts for readiness and for liveness: whoever watches over the process starts it anew.
 */
@Component
class ModelHealthIndicator implements HealthIndicator {

  private final LiveModel model;

  ModelHealthIndicator(LiveModel model) {
    this.model = model;
  }

  @Override
  public Health health() {
    return model.current().isAlive()
        ? Health.up().build()
        : Health.down().withDetail("reason", "the model's forward thread has ended").build();
  }
}
