/**
 * The model: a bundle on disk becomes a {@link dev.palate.reward.RewardModel}: texts in, expert
 * rewards and routing out. Knows nothing of users, HTTP or SQL.
 */
@NullMarked
package dev.palate.reward;

import org.jspecify.annotations.NullMarked;
