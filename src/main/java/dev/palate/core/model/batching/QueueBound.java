package dev.palate.core.model.batching;

import java.time.Duration;

/**
 * What may wait for the devices; whichever is reached first.
 *
 * @param tokens padded tokens
 * @param time that all lanes take over what waits, at the rate of their latest passes
 */
public record QueueBound(long tokens, Duration time) {
  /** For one caller who waits for all of it. */
  public static final QueueBound NONE = ofTokens(Long.MAX_VALUE);

  /** However long they take. */
  public static QueueBound ofTokens(long tokens) {
    return new QueueBound(tokens, Duration.ofDays(1));
  }
}
