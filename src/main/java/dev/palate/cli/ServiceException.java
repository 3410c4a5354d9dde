package dev.palate.cli;

import java.io.Serial;

/**
 * The service refused or could not be reached; the message is one line for the person at the shell.
 */
final class ServiceException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  ServiceException(String message) {
    super(message);
  }
}
