package dev.palate.server.store;

import dev.palate.core.model.Prompt;

/**
 * A stored label without margins for the model asked about.
 *
 * @param label its row
 */
public record UnscoredLabel(long label, Prompt prompt, String chosen, String rejected) {}
