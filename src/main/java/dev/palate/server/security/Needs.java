package dev.palate.server.security;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The scope that a route needs. Every route has one: where callers are known, a handler without it
 * answers 404, and the test of the OpenAPI document's routes fails.
 *
 * <p>A route below {@code /users/{id}} also needs a caller whose key reaches that user, else it
 * answers 404. An admin's route anywhere else needs a caller bound to no user. Calls of admin
 * routes are audited.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Needs {

  Scope value();

  /** A scope that does too for a caller bound to exactly the user of the path. */
  Scope[] orOwn() default {};
}
