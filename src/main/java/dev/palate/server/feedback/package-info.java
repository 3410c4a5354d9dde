/**
 * {@code POST /users/{id}/feedback}, and the preview of labels that are not stored.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.runtime}, {@code
 * core.taste}, {@code server.adaptation}, {@code server.changes}, {@code server.comparisons},
 * {@code server.security}, {@code server.store}, {@code server.web}, {@code server.weights}. Start
 * reading at {@link FeedbackController}.
 */
@NullMarked
package dev.palate.server.feedback;

import org.jspecify.annotations.NullMarked;
