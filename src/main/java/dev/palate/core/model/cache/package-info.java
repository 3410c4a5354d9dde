/**
 * Scores of texts that were asked for before, and one computation for texts that are asked for
 * twice at a time.
 *
 * <p>Door: {@link CachedRewardModel}, {@link ScoreCache}. May use: {@code core.bundle}, {@code
 * core.model}. Start reading at {@link CachedRewardModel}.
 */
@NullMarked
package dev.palate.core.model.cache;

import org.jspecify.annotations.NullMarked;
