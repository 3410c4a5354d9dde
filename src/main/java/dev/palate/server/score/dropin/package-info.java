/**
 * Scores in the request and response formats of other servers.
 *
 * <p>Door: none. May use: {@code server.score}, {@code server.security}, {@code server.store},
 * {@code server.web}. Start reading at {@link RerankController}.
 */
@NullMarked
package dev.palate.server.score.dropin;

import org.jspecify.annotations.NullMarked;
