package dev.palate.server.security;

import java.io.Serial;
import org.springframework.security.core.AuthenticationException;

/**
 * Whether the token is good cannot be said now: the database or the issuer does not answer. Not
 * Spring's {@code AuthenticationServiceException}, which would end as a 500.
 */
public final class AuthenticationOutage extends AuthenticationException {

  @Serial private static final long serialVersionUID = 1L;

  public AuthenticationOutage(Throwable cause) {
    super("The token cannot be checked now", cause);
  }
}
