package dev.palate.server.adaptation;

import dev.palate.core.model.PromptScores;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.server.store.ScoredLabel;
import dev.palate.server.store.UnscoredLabel;
import dev.palate.server.store.UserId;
import dev.palate.server.store.UserMemory;
import dev.palate.server.web.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Gives stored labels, and comparisons, their margins for one model, a batch at a time, each batch
 * stored before the next is scored: what was computed is not computed again, whatever interrupts.
 */
@Component
public class MarginScorer {

  private static final Logger LOG = LoggerFactory.getLogger(MarginScorer.class);
  private static final int BATCH = 16;
  private static final Duration DEADLINE_RETRY = Duration.ofSeconds(1);

  private final UserMemory memory;
  private final Counter setAside;

  MarginScorer(UserMemory memory, MeterRegistry meters) {
    this.memory = memory;
    this.setAside = meters.counter("palate.adaptation.labels.set.aside");
  }

  /** Labels to be scored: given again until their margins are stored. */
  public interface Source {

    /** At most so many; none: all are scored or set aside. */
    List<UnscoredLabel> next(int limit);
  }

  /** Where margins go. */
  public interface Sink {
    void save(String modelVersion, List<ScoredLabel> scored);
  }

  /**
   * @return empty: every label of the user has margins or is set aside; else how long the model
   *     wants to be left alone
   */
  public Optional<Duration> scoreMissing(UserId user, RewardModel model) {
    String version = model.bundle().version();
    return scoreMissing(limit -> memory.unscored(user, version, limit), memory::saveMargins, model);
  }

  /**
   * As {@link #scoreMissing(UserId, RewardModel)}, for a request that needs them now.
   *
   * @throws ProblemException while the model has no room
   */
  public void requireScored(UserId user, RewardModel model) {
    scoreMissing(user, model)
        .ifPresent(retryAfter -> {
          throw ScoredOnce.full(retryAfter);
        });
  }

  /**
   * @return empty: the source is exhausted; else how long the model wants to be left alone
   */
  public Optional<Duration> scoreMissing(Source source, Sink sink, RewardModel model) {
    return scoreMissing(source, sink, model, System.nanoTime() + Duration.ofDays(1).toNanos());
  }

  /** As below, for stored labels. */
  public Optional<Duration> scoreMissing(Source source, RewardModel model, long end) {
    return scoreMissing(source, memory::saveMargins, model, end);
  }

  /**
   * @param end by {@link System#nanoTime}: no batch is begun after it
   * @return empty: the source is exhausted; else how long the model wants to be left alone, zero
   *     where the end came
   */
  private Optional<Duration> scoreMissing(Source source, Sink sink, RewardModel model, long end) {
    String version = model.bundle().version();
    int batch = BATCH;
    while (true) {
      List<UnscoredLabel> labels = source.next(batch);
      if (labels.isEmpty()) {
        return Optional.empty();
      }
      if (System.nanoTime() - end >= 0) {
        return Optional.of(Duration.ZERO);
      }
      switch (model.score(items(labels), ScoreOptions.DEFAULT)) {
        case ScoreResult.Scored scored -> sink.save(version, pair(labels, scored.items()));
        case ScoreResult.NotFinite(int item) ->
            // Set aside, else this label would hold up all others of the user for ever
            sink.save(version, List.of(withoutScores(labels.get(item))));
        case ScoreResult.Overloaded(Duration retryAfter) -> {
          if (labels.size() == 1) {
            return Optional.of(retryAfter);
          }
          // Admitted whole or refused whole: a batch may be too large for what is free
          batch = labels.size() / 2;
        }
        case ScoreResult.Unavailable(Duration retryAfter) -> {
          return Optional.of(retryAfter);
        }
        case ScoreResult.DeadlineExceeded() -> {
          return Optional.of(DEADLINE_RETRY);
        }
        case ScoreResult.TooLong tooLong ->
            throw new IllegalStateException("Refused though truncation was allowed: " + tooLong);
      }
    }
  }

  private static List<ScoreItem> items(List<UnscoredLabel> labels) {
    return labels.stream()
        .map(label -> new ScoreItem(label.prompt(), List.of(label.chosen(), label.rejected())))
        .toList();
  }

  private List<ScoredLabel> pair(List<UnscoredLabel> labels, List<PromptScores> scores) {
    List<ScoredLabel> scored = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      float[] margins = Margins.of(scores.get(i));
      scored.add(
          Margins.finite(margins)
              ? new ScoredLabel(labels.get(i).label(), margins, scores.get(i).routing())
              : withoutScores(labels.get(i)));
    }
    return scored;
  }

  private ScoredLabel withoutScores(UnscoredLabel label) {
    setAside.increment();
    LOG.warn("Row {} has no finite scores and is set aside for this model", label.label());
    return ScoredLabel.setAside(label.label());
  }
}
