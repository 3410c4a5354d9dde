package dev.palate.server.models;

import dev.palate.core.runtime.ModelSwitch;
import dev.palate.server.bulk.BulkSolves;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Makes this replica serve what was activated on another, or before it was started: the newest
 * activation is looked for every few seconds. One that was made under another configured bundle is
 * passed over: whoever starts a replica with a new bundle means that one. A bundle that is not
 * here, or not whole, is tried again every minute; until then this replica serves what it serves.
 */
@Component
class ModelFollower implements DisposableBean {

  private static final Logger LOG = LoggerFactory.getLogger(ModelFollower.class);
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration RETRY = Duration.ofMinutes(1);

  private final ModelSwitch models;
  private final ModelActivations activations;
  private final ModelChange change;
  private final BulkSolves bulks;
  private final Clock clock;
  private final MultiGauge serving;
  private final AtomicReference<Double> progress = new AtomicReference<>(1.0);
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("palate-follow").daemon().factory());
  private long done;
  private Instant notBefore = Instant.MIN;

  ModelFollower(
      ModelSwitch models,
      ModelActivations activations,
      ModelChange change,
      BulkSolves bulks,
      Clock clock,
      MeterRegistry meters) {
    this.models = models;
    this.activations = activations;
    this.change = change;
    this.bulks = bulks;
    this.clock = clock;
    this.serving =
        MultiGauge.builder("palate.model.serving")
            .description("1 for the version of the model that serves")
            .register(meters);
    meters.gauge("palate.adaptation.bulk.progress", progress, AtomicReference::get);
  }

  @EventListener(ApplicationReadyEvent.class)
  void begin() {
    // looks until the executor is closed: look() throws nothing that would end it
    ScheduledFuture<?> unused =
        executor.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** One look, and what the meters say then. */
  void look() {
    try {
      follow();
      progress.set(bulks.newestProgress(models.serving().bundle().version()));
    } catch (RuntimeException e) {
      // no database, most likely: this replica serves on, and looks again
      LOG.debug("The newest activation could not be followed", e);
    }
    String version = models.serving().bundle().version();
    serving.register(List.of(MultiGauge.Row.of(Tags.of("model_version", version), 1)));
  }

  /** One look. Synchronized for tests, which look by themselves. */
  synchronized void follow() {
    ModelActivation newest = activations.newest().orElse(null);
    if (newest == null || newest.id() == done || clock.instant().isBefore(notBefore)) {
      return;
    }
    if (!newest.configuredVersion().equals(models.configuredVersion())) {
      LOG.info(
          "Bundle {} was activated under another configured bundle: this replica keeps its own",
          newest.bundle());
      done = newest.id();
      return;
    }
    try {
      change.follow(newest);
      done = newest.id();
      notBefore = Instant.MIN;
    } catch (RuntimeException e) {
      notBefore = clock.instant().plus(RETRY);
      LOG.error(
          "Bundle {} {} was activated elsewhere and cannot serve here: {} serves on; tried again"
              + " in a minute",
          newest.bundle(),
          newest.modelVersion(),
          models.serving().bundle().version(),
          e);
    }
  }

  @Override
  public void destroy() {
    executor.shutdownNow();
  }
}
