package dev.palate.server.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A label as its user gave it.
 *
 * @param prompt null, as chosen and rejected: dropped for its age
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StoredLabel(
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

  public static final String DROPPED =
      "Left out where the label's texts were dropped for their age (palate.retention.label-texts)";

  public static StoredLabel of(Label label) {
    return new StoredLabel(
        label.labelId(),
        label.prompt(),
        label.chosen(),
        label.rejected(),
        label.strength(),
        label.createdAt());
  }
}
