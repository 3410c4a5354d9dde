package dev.palate.adaptation;

import dev.palate.user.ExpertWeightsView.Expert;
import dev.palate.user.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights a user would have.
 *
 * @param labels how many they come from: the stored and the new
 * @param agreement share of them that the weights order as labelled; null without any
 * @param experts the heaviest first
 */
record PreviewAnswer(
    UserId user,
    String model,
    String modelVersion,
    int labels,
    @Nullable Double agreement,
    List<Expert> experts) {}
