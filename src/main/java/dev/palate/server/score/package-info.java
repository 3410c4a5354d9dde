/**
 * {@code POST /score} and {@code /score/batch}: the reward model under one user's weights.
 *
 * <p>Door: none. May use: {@code core.bundle}, {@code core.model}, {@code core.runtime}, {@code
 * core.taste}, {@code server.changes}, {@code server.security}, {@code server.store}, {@code
 * server.web}. Start reading at {@link ScoreService}.
 */
@NullMarked
package dev.palate.server.score;

import org.jspecify.annotations.NullMarked;
