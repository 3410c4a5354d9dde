package dev.palate.core.bundle;

import java.io.Serial;

/** A bundle or device cannot be used; the message says what is wrong and what to do. */
public final class BundleException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public BundleException(String message) {
    super(message);
  }

  public BundleException(String message, Throwable cause) {
    super(message, cause);
  }
}
