package dev.palate.platform;

import java.io.IOException;
import java.io.Serial;

/** The body went over the limit while it was read. */
final class BodyTooLargeException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  static Problem problem() {
    return Problem.of(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "A body holds at most %d bytes".formatted(BodyFilter.MAX_BODY_BYTES));
  }
}
