package dev.palate.server.store;

import dev.palate.core.model.Prompt;

/**
 * A stored label without margins for the model asked about.
 *
 * @param label its row
 * @param chosen of a tie: the first response
 * @param rejected of a tie: the second response
 */
public record UnscoredLabel(long label, Prompt prompt, String chosen, String rejected) {}
