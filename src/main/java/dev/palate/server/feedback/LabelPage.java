package dev.palate.server.feedback;

import dev.palate.server.store.Label;
import dev.palate.server.store.StoredLabel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param next the {@code after} of the following page; null: this is the last
 */
record LabelPage(List<StoredLabel> labels, @Nullable String next) {

  /**
   * @param rows one more than asked for where there are more
   */
  static LabelPage of(List<Label> rows, int limit) {
    boolean more = rows.size() > limit;
    List<Label> shown = more ? rows.subList(0, limit) : rows;
    return new LabelPage(
        shown.stream().map(StoredLabel::of).toList(),
        more ? Long.toString(shown.getLast().id()) : null);
  }
}
