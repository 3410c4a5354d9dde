package dev.palate.server.store;

import dev.palate.core.taste.LabelMargin;

/**
 * A label's margin, and whose it is.
 *
 * @param label its row
 */
public record LabelledMargin(long label, LabelMargin margin) {}
