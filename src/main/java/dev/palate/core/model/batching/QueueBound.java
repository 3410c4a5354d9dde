package dev.palate.reward;

import java.time.Duration;

/**
 * What may wait for the devices; whichever is reached first.
 *
 * @param tokens padded tokens
 * @param time that all lanes take over what waits, at the rate of their latest passes
 */
record QueueBound(long tokens, Duration time) {
  /** For one caller who waits for all of it. */
  static final QueueBound NONE = ofTokens(Long.MAX_VALUE);

  /** However long they take. */
  static QueueBound ofTokens(long tokens) {
    return new QueueBound(tokens, Duration.ofDays(1));
  }
}
