package dev.palate.user;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param next the {@code after} of the following page; null: this is the last
 */
record LabelPage(List<Entry> labels, @Nullable String next) {

  /**
   * @param prompt null, as chosen and rejected: dropped for its age
   */
  @Schema(name = "StoredLabel")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Entry(
      String id,
      @Schema(
              description = DROPPED,
              types = {"string", "null"})
          @Nullable String prompt,
      @Schema(
              description = DROPPED,
              types = {"string", "null"})
          @Nullable String chosen,
      @Schema(
              description = DROPPED,
              types = {"string", "null"})
          @Nullable String rejected,
      float strength,
      Instant createdAt) {

    static final String DROPPED =
        "Left out where the label's texts were dropped for their age (palate.retention.label-texts)";

    static Entry of(Label label) {
      return new Entry(
          label.labelId(),
          label.prompt(),
          label.chosen(),
          label.rejected(),
          label.strength(),
          label.createdAt());
    }
  }

  /**
   * @param rows one more than asked for where there are more
   */
  static LabelPage of(List<Label> rows, int limit) {
    boolean more = rows.size() > limit;
    List<Label> shown = more ? rows.subList(0, limit) : rows;
    return new LabelPage(
        shown.stream().map(Entry::of).toList(), more ? Long.toString(shown.getLast().id()) : null);
  }
}
