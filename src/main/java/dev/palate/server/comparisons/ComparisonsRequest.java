package dev.palate.server.comparisons;

import dev.palate.core.model.Prompt;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /users/{id}/comparisons}. */
public record ComparisonsRequest(
    @NotNull @Size(min = 1, max = MAX_COMPARISONS)
        @Nullable List<@NotNull @Valid ComparisonRequest> comparisons) {

  static final int MAX_COMPARISONS = 500;

  /**
   * A pair of responses that nobody has labelled yet.
   *
   * @param id the client's own, unique per user; absent: made from the content
   */
  public record ComparisonRequest(
      @Size(min = 1, max = 128) @Pattern(regexp = "^\\P{C}*$", message = "must be printable")
          @Nullable String id,
      @NotNull @Nullable Prompt prompt,
      @NotNull @Size(min = 2, max = 2)
          @Nullable List<@NotNull @Size(max = Prompt.MAX_CHARACTERS) String> responses) {}
}
