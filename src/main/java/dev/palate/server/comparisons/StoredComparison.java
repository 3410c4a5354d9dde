package dev.palate.server.comparisons;

import dev.palate.core.taste.LabelMargin;

/**
 * A comparison that a model has scored.
 *
 * @param comparison its row
 * @param margin of the first response over the second
 */
public record StoredComparison(long comparison, LabelMargin margin) {

  /** What the user would be asked. */
  public record Texts(long comparison, String id, String prompt, String first, String second) {}
}
