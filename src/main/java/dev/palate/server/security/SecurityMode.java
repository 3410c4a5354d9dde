package dev.palate.server.security;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** {@code palate.security.mode}: how a caller shows who they are. */
public enum SecurityMode {
  /** Not at all; on loopback only. */
  NONE,
  /** {@code Authorization: Bearer <id>.<secret>}, the secret's hash kept in the database. */
  API_KEY,
  /** {@code Authorization: Bearer <JSON Web Token>}, signed by an issuer that is trusted. */
  JWT;

  static final String PROPERTY = "palate.security.mode";

  /** Readable before any bean is made; a word that is no mode ends the start. */
  static SecurityMode of(Environment environment) {
    return Binder.get(environment).bind(PROPERTY, SecurityMode.class).orElse(NONE);
  }
}
