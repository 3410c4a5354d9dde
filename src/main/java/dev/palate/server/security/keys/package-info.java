/**
 * API keys: stored hashed, verified, managed by routes and by the command {@code key}.
 *
 * <p>Door: {@link KeyCommand}. May use: {@code server.database}, {@code server.security}, {@code
 * server.web}. Start reading at {@link KeyVerifier}.
 */
@NullMarked
package dev.palate.server.security.keys;

import org.jspecify.annotations.NullMarked;
