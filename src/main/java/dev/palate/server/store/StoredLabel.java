package dev.palate.server.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A label as its user gave it.
 *
 * @param tie true of a tie, else null
 * @param prompt null, as chosen and rejected, or responses: dropped for its age
 * @param chosen null of a tie, as rejected
 * @param responses the two of a tie; null of a preference
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoredLabel(
    String id,
    @Schema(
            description = TIE,
            types = {"boolean", "null"})
        @Nullable Boolean tie,
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
    @Schema(
            description = RESPONSES,
            types = {"array", "null"})
        @Nullable List<String> responses,
    float strength,
    Instant createdAt) {

  public static final String DROPPED =
      "Left out where the label's texts were dropped for their age (palate.retention.label-texts)";

  public static final String TIE = "true: neither of the responses is preferred; else left out";

  public static final String RESPONSES =
      "The two responses of a tie, in place of chosen and rejected. " + DROPPED;

  public static StoredLabel of(Label label) {
    return new StoredLabel(
        label.labelId(),
        label.tie() ? true : null,
        label.prompt(),
        label.chosen(),
        label.rejected(),
        label.responses(),
        label.strength(),
        label.createdAt());
  }
}
