/**
 * The background job that solves a user's routing weights again after feedback.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.runtime}, {@code
 * core.taste}, {@code server.changes}, {@code server.store}, {@code server.web}. Start reading at
 * {@link AdaptationJob}.
 */
@NullMarked
package dev.palate.server.adaptation;

import org.jspecify.annotations.NullMarked;
