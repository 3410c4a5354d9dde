package dev.palate.server.security.keys;

import dev.palate.server.security.AuthenticationOutage;
import dev.palate.server.security.CallerAuthentication;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/** Turns a bearer token into the caller whose key it is. */
final class KeyAuthentication implements AuthenticationManager {

  private final KeyVerifier keys;

  KeyAuthentication(KeyVerifier keys) {
    this.keys = keys;
  }

  @Override
  public Authentication authenticate(Authentication authentication) {
    if (!(authentication instanceof BearerTokenAuthenticationToken bearer)) {
      throw new BadCredentialsException("No bearer token");
    }
    try {
      return keys.verify(bearer.getToken())
          .map(CallerAuthentication::new)
          .orElseThrow(() -> new BadCredentialsException("No good key"));
    } catch (DataAccessException e) {
      throw new AuthenticationOutage(e);
    }
  }
}
