/**
 * Authentication, scopes, quotas and the audit log. Routes are annotated with {@link Needs};
 * handlers ask {@link Callers}.
 *
 * <p>Door: none. May use: {@code server.studio}, {@code server.web}. Start reading at {@link
 * SecurityConfiguration}.
 */
@NullMarked
package dev.palate.server.security;

import org.jspecify.annotations.NullMarked;
