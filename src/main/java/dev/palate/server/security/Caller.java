package dev.palate.server.security;

import java.util.EnumSet;
import java.util.Set;

/**
 * Who sent a request.
 *
 * @param id of the key, or {@code jwt:<subject>}: what quotas count by and the audit line names
 */
public record Caller(String id, Set<Scope> scopes, Reach reach) {

  /** Everybody who reaches a service without authentication. */
  static final Caller ANYONE = new Caller("anyone", EnumSet.allOf(Scope.class), Reach.EVERYONE);

  public Caller {
    scopes = Set.copyOf(scopes);
  }

  boolean has(Scope scope) {
    return scopes.contains(scope);
  }
}
