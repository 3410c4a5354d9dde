package dev.palate.core.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a call wants its texts scored.
 *
 * @param truncate false: a text over the model's limit is refused ({@link ScoreResult.TooLong})
 * @param deadline not computed after this instant; null: no deadline
 */
public record ScoreOptions(boolean truncate, @Nullable Instant deadline) {
  /** Truncate, no deadline. */
  public static final ScoreOptions DEFAULT = new ScoreOptions(true, null);
}
