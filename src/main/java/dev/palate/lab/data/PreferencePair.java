package dev.palate.lab.data;

import dev.palate.core.model.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * One preference of one person: the chosen response over the rejected one. Its texts may be on
 * disk, read anew by each call.
 *
 * @param dataset the name of the data set it came from
 * @param user who preferred it, unique within the data set; null: not known
 * @param context the topic or domain, as the data set names it; may be empty
 * @param strength weight of the label, in (0, 1]
 * @param split the data set's own word for the part the line belongs to; null: it has none
 * @param texts prompt, responses, id and choice
 */
public record PreferencePair(
    String dataset,
    @Nullable String user,
    String context,
    double strength,
    @Nullable String split,
    PairTexts texts) {

  public PreferencePair {
    if (!(strength > 0 && strength <= 1)) {
      throw new IllegalArgumentException("'strength' must be in (0, 1]");
    }
  }

  /** A pair that holds its texts itself. */
  public PreferencePair(
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
    this(
        dataset,
        user,
        context,
        strength,
        split,
        new PairTexts.Held(id, prompt, chosen, rejected, choice));
  }

  /** The same pair with its texts on disk. */
  PreferencePair storedIn(TextStore store) {
    return texts instanceof PairTexts.Held held
        ? new PreferencePair(dataset, user, context, strength, split, held.storedIn(store))
        : this;
  }

  /** Unique within the data set. */
  public String id() {
    return texts.id();
  }

  /** In its canonical form. */
  public Prompt prompt() {
    return texts.prompt();
  }

  public String chosen() {
    return texts.chosen();
  }

  public String rejected() {
    return texts.rejected();
  }

  /** What is shared by lines that came from one act of choosing; null: each is its own. */
  public @Nullable String choice() {
    return texts.choice();
  }

  /** The user's name among all data sets; null: not known. */
  public @Nullable String userKey() {
    return user == null ? null : dataset + "/" + user;
  }
}
