package dev.palate.core.model.remote;

import java.io.Serial;
import java.time.Duration;

/** A remote encoder gave no embeddings. The message holds no text that it was asked about. */
final class RemoteEncoderException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** Why. */
  enum Cause {
    /** It cannot be reached, is full, or too slow: later it may be. */
    UNAVAILABLE,
    /** What it answers is not what was asked for: somebody has to put that right. */
    MISFIT,
    /** It will not read these texts; fewer or shorter ones it may. */
    TEXTS_REFUSED,
    /** The caller's own deadline passed. */
    DEADLINE
  }

  private final Cause why;
  private final Duration retryAfter;

  RemoteEncoderException(Cause why, String message, Duration retryAfter) {
    super(message);
    this.why = why;
    this.retryAfter = retryAfter;
  }

  Cause why() {
    return why;
  }

  /** When to come back. */
  Duration retryAfter() {
    return retryAfter;
  }
}
