package dev.palate.server.feedback;

import dev.palate.server.store.UserId;
import dev.palate.server.weights.ExpertWeightsView.Expert;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights a user would have.
 *
 * @param solverVersion of the solver that gave them
 * @param labels how many they come from: the stored and the new
 * @param agreement share of the preferences that the weights order as labelled; null without any
 * @param experts the heaviest first
 */
record PreviewAnswer(
    UserId user,
    String model,
    String modelVersion,
    int solverVersion,
    int labels,
    @Nullable Double agreement,
    List<Expert> experts) {}
