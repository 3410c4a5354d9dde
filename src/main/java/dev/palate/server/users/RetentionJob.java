package dev.palate.server.users;

import dev.palate.core.runtime.LiveModel;
import dev.palate.server.bulk.BulkSolves;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Forgets what is kept for a time only: texts of old labels, comparisons of that age that nobody
 * labelled, Idempotency-Keys, the users' ids at the borders of a bulk's ranges. A few thousand rows
 * a transaction, so that a backlog of years holds no lock for long; and in turns, so that it holds
 * no thread of the scheduler for long.
 *
 * <p>A label's texts are what another model scores it by. They stay until the model that serves has
 * scored it, and while a bulk solve runs: then another model comes, whose replicas may not be those
 * that sweep.
 */
@Component
class RetentionJob {

  private static final Logger LOG = LoggerFactory.getLogger(RetentionJob.class);
  private static final Duration TURN = Duration.ofSeconds(2);

  /** A transaction's rows. */
  static final int BATCH = 5_000;

  private final Retention retention;
  private final BulkSolves bulks;
  private final LiveModel model;
  private final @Nullable Duration labelTexts;
  private final Counter dropped;

  RetentionJob(
      Retention retention,
      BulkSolves bulks,
      LiveModel model,
      RetentionSettings settings,
      MeterRegistry meters) {
    this.retention = retention;
    this.bulks = bulks;
    this.model = model;
    this.labelTexts = settings.labelTexts();
    this.dropped =
        Counter.builder("palate.retention.labels.texts.dropped")
            .description("Labels whose texts were dropped for their age")
            .register(meters);
  }

  /**
   * @return whether nothing is left to do now; false: the turn is over
   */
  boolean run() {
    long end = System.nanoTime() + TURN.toNanos();
    bulks.forgetBorders();
    while (retention.deleteIdempotencyKeys(BATCH) == BATCH) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
    }
    if (labelTexts == null) {
      return true;
    }
    while (retention.deleteComparisons(labelTexts, BATCH) == BATCH) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
    }
    return dropTexts(labelTexts, end);
  }

  private boolean dropTexts(Duration age, long end) {
    int labels = 0;
    Retention.Position after = Retention.Position.START;
    try {
      while (!bulks.anyRuns()) {
        Retention.Dropped batch =
            retention.dropTexts(age, model.current().bundle().version(), after, BATCH);
        dropped.increment(batch.labels());
        labels += batch.labels();
        after = batch.last();
        if (batch.labels() < BATCH) {
          return true;
        }
        if (System.nanoTime() - end >= 0) {
          return false;
        }
      }
      LOG.info("Texts of old labels are kept for as long as a bulk solve runs");
      return true;
    } finally {
      if (labels > 0) {
        LOG.info("Texts of {} labels older than {} are dropped", labels, age);
      }
    }
  }
}
