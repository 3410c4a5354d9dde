package dev.palate.lab.data;

import java.io.Serial;

/** The training data cannot be used as it is; the message names the file and what to do. */
public final class DataException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
