package dev.palate.server.store;

import dev.palate.core.taste.LabelMargin;
import java.util.List;

/**
 * One user's labels as the solver sees them, all of one moment.
 *
 * @param state of the same moment: the labels are exactly those that its feedback_seq tells of
 * @param labels those that have margins for the model
 * @param unscored rows of those that have none yet, have their texts and are not set aside
 */
public record UserMargins(
    UserId user, UserState state, List<LabelMargin> labels, List<Long> unscored) {}
