package dev.palate.server.store;

import org.jspecify.annotations.Nullable;

/**
 * What a model says of a stored label.
 *
 * @param label its row
 * @param margins {@code float[k]}: expert rewards of chosen less those of rejected; of a tie, of
 *     the first response less those of the second
 * @param routing {@code float[k]}: the dense routing of the prompt; null with the margins where the
 *     model's scores are not finite: the label is set aside for this model
 */
public record ScoredLabel(long label, float @Nullable [] margins, float @Nullable [] routing) {

  /** No finite scores: the user's other labels go on without it. */
  public static ScoredLabel setAside(long label) {
    return new ScoredLabel(label, null, null);
  }
}
