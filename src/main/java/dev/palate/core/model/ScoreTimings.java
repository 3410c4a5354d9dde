package dev.palate.core.model;

import java.time.Duration;

/**
 * Where a call's time went: waiting for the device, tokenizing, and in the forward passes. Where
 * the encoder is remote: waiting here to be sent, and from then to its last answer.
 */
public record ScoreTimings(Duration queue, Duration tokenize, Duration inference) {
  /** Of a call that needed none of them. */
  public static final ScoreTimings NONE =
      new ScoreTimings(Duration.ZERO, Duration.ZERO, Duration.ZERO);
}
