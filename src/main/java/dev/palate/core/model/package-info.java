/**
 * What every caller of a reward model sees: texts in, expert rewards and routing weights out.
 *
 * <p>Door: {@link CacheUse}, {@link EmbeddingModel}, {@link ForwardCounts}, {@link Message}, {@link
 * PassageModel}, {@link Prompt}, {@link PromptScores}, {@link ResponseScores}, {@link RewardModel},
 * {@link ScoreItem}, {@link ScoreOptions}, {@link ScoreResult}, {@link ScoreTimings}. May use:
 * {@code core.bundle}. Start reading at {@link RewardModel}.
 */
@NullMarked
package dev.palate.core.model;

import org.jspecify.annotations.NullMarked;
