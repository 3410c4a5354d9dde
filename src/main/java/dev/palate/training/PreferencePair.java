package dev.palate.training;

import dev.palate.reward.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * One preference of one person: the chosen response over the rejected one.
 *
 * @param dataset the name of the data set it came from
 * @param id unique within the data set
 * @param user who preferred it, unique within the data set; null: not known
 * @param context the topic or domain, as the data set names it; may be empty
 * @param prompt in its canonical form
 * @param strength weight of the label, in (0, 1]
 * @param split the data set's own word for the part the line belongs to; null: it has none
 * @param choice what is shared by lines that came from one act of choosing; null: each is its own
 */
public record PreferencePair(
    String dataset,
    String id,
    @Nullable String user,
    String context,
    Prompt prompt,
    String chosen,
    String rejected,
    double strength,
    @Nullable String split,
    @Nullable String choice) {

  public PreferencePair {
    if (!(strength > 0 && strength <= 1)) {
      throw new IllegalArgumentException("'strength' must be in (0, 1]");
    }
    if (chosen.isBlank() || rejected.isBlank()) {
      throw new IllegalArgumentException("'chosen' and 'rejected' must not be blank");
    }
    if (chosen.equals(rejected)) {
      throw new IllegalArgumentException("'chosen' and 'rejected' are the same text");
    }
  }

  /** The user's name among all data sets; null: not known. */
  public @Nullable String userKey() {
    return user == null ? null : dataset + "/" + user;
  }
}
