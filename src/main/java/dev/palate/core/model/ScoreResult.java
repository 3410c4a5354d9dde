package dev.palate.core.model;

import java.time.Duration;
import java.util.List;

/** The outcome of {@link RewardModel#score}: admitted and scored whole, or refused whole. */
public sealed interface ScoreResult {

  /** One entry per item, in input order. */
  record Scored(List<PromptScores> items, ScoreTimings timings, CacheUse cache)
      implements ScoreResult {
    public Scored {
      items = List.copyOf(items);
    }

    /** Where nothing was remembered. */
    public Scored(List<PromptScores> items, ScoreTimings timings) {
      this(items, timings, CacheUse.MISS);
    }
  }

  /** The device's queue is full; nothing was computed. */
  record Overloaded(Duration retryAfter) implements ScoreResult {}

  /** The remote encoder gave no embeddings; nothing was computed. */
  record Unavailable(Duration retryAfter) implements ScoreResult {}

  /** The deadline passed before the forward pass began; nothing was computed. */
  record DeadlineExceeded() implements ScoreResult {}

  /**
   * A text is over the limit and the call forbade truncation.
   *
   * @param item index of the item
   * @param response index of the response, or -1 for the prompt
   */
  record TooLong(int item, int response, int tokens, int limit) implements ScoreResult {}

  /** The model gave NaN or infinity for this item. */
  record NotFinite(int item) implements ScoreResult {}
}
