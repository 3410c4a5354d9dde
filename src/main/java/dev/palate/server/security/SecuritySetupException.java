package dev.palate.server.security;

import java.io.Serial;

/** The configuration of who may call cannot be meant so; the service does not start. */
public class SecuritySetupException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final String action;

  public SecuritySetupException(String message, String action) {
    super(message);
    this.action = action;
  }

  /** What to do about it. */
  String action() {
    return action;
  }
}
