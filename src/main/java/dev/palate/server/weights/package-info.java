/**
 * {@code GET /users/{id}/expert-weights}, its history, the influence of labels, and the wait for a
 * solve.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.runtime}, {@code
 * core.taste}, {@code server.adaptation}, {@code server.changes}, {@code server.security}, {@code
 * server.store}, {@code server.web}. Start reading at {@link ExpertWeightsController}.
 */
@NullMarked
package dev.palate.server.weights;

import org.jspecify.annotations.NullMarked;
