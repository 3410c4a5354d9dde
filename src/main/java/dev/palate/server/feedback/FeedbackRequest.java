package dev.palate.server.feedback;

import dev.palate.core.model.Prompt;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /users/{id}/feedback}, and of a preview. */
public record FeedbackRequest(
    @NotNull @Size(min = 1, max = MAX_LABELS) @Nullable List<@NotNull @Valid LabelRequest> labels) {

  static final int MAX_LABELS = 500;
  static final int MAX_TEXT = Prompt.MAX_CHARACTERS;

  /**
   * One preference label.
   *
   * @param id the client's own, unique per user; absent: made from the content
   * @param strength in (0, 1]; absent: 1
   */
  public record LabelRequest(
      @Size(min = 1, max = 128) @Pattern(regexp = "^\\P{C}*$", message = "must be printable")
          @Nullable String id,
      @NotNull @Nullable Prompt prompt,
      @NotNull @Size(max = MAX_TEXT) @Nullable String chosen,
      @NotNull @Size(max = MAX_TEXT) @Nullable String rejected,
      @Schema(exclusiveMinimumValue = 0, maximum = "1", defaultValue = "1")
          @Nullable Double strength) {}
}
