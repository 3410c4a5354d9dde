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
   * One label: a preference, with chosen and rejected; or a tie, with tie and responses.
   *
   * @param id the client's own, unique per user; absent: made from the content
   * @param chosen the better response of a preference; absent in a tie, as rejected
   * @param tie true: neither of the responses is preferred; absent: false
   * @param responses the two of a tie, in either order; absent in a preference
   * @param strength in (0, 1]; absent: 1
   */
  public record LabelRequest(
      @Size(min = 1, max = 128) @Pattern(regexp = "^\\P{C}*$", message = "must be printable")
          @Nullable String id,
      @NotNull @Nullable Prompt prompt,
      @Schema(description = "The better response; required but in a tie") @Size(max = MAX_TEXT)
          @Nullable String chosen,
      @Schema(description = "The worse response; required but in a tie") @Size(max = MAX_TEXT)
          @Nullable String rejected,
      @Schema(
              description =
                  "true: neither of `responses` is preferred; it counts as half a label each way",
              defaultValue = "false")
          @Nullable Boolean tie,
      @Schema(
              description =
                  "The two responses of a tie, in either order, in place of chosen and rejected")
          @Size(min = 2, max = 2, message = "must be two")
          @Nullable List<@NotNull @Size(max = MAX_TEXT) String> responses,
      @Schema(exclusiveMinimumValue = 0, maximum = "1", defaultValue = "1")
          @Nullable Double strength) {}
}
