package dev.palate.platform;

import java.io.Serial;

/** The service was told to listen where others can reach it, without authentication. */
final class NotLoopbackException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  NotLoopbackException(String property, String address) {
    super(
        "'%s' is '%s', which is not a loopback address, and no authentication is configured."
            .formatted(property, address));
  }
}
