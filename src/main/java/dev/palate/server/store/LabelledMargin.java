package dev.palate.user;

import dev.palate.taste.LabelMargin;

/**
 * A label's margin, and whose it is.
 *
 * @param label its row
 */
public record LabelledMargin(long label, LabelMargin margin) {}
