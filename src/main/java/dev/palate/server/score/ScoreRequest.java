package dev.palate.server.score;

import dev.palate.core.model.Prompt;
import dev.palate.server.store.UserId;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /score}. */
@Schema(description = "A prompt and the candidate responses to be judged, for one user or for none")
record ScoreRequest(
    @Schema(
            description = "Whose weights mix the experts; absent: the model's own routing",
            pattern = UserId.PATTERN)
        @Nullable String user,
    @NotNull(message = "is missing") Prompt prompt,
    @NotNull(message = "is missing")
        @Size(min = 1, max = Limits.RESPONSES, message = "must hold {min} to {max} responses")
        List<
                @NotNull(message = "must be a string")
                @Size(max = Limits.TEXT, message = "must have at most {max} characters") String>
            responses,
    @Schema(
            description = "Whether the answer names routing and contributions",
            defaultValue = "true")
        @Nullable Boolean explain,
    @Schema(description = "false: a text over the model's limit is refused", defaultValue = "true")
        @Nullable Boolean truncate) {}
