package dev.palate.lab.sets;

import java.io.Serial;

/** A command cannot go on; the message is one line for the person at the shell. */
final class TargetException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  TargetException(String message) {
    super(message);
  }
}
