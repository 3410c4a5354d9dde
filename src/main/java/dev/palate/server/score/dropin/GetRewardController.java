package dev.palate.server.score.dropin;

import dev.palate.server.score.ScoreKind;
import dev.palate.server.score.TextScoring;
import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.store.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A remote reward model for OpenRLHF. */
@RestController
@Tag(name = "Drop-in forms", description = "For clients of other servers: a change of address")
class GetRewardController {

  private final TextScoring scoring;

  GetRewardController(TextScoring scoring) {
    this.scoring = scoring;
  }

  @Operation(
      operationId = "getReward",
      summary = "Rewards for OpenRLHF's --remote_rm_url",
      description =
          "Each text of `query` must begin with its prompt; the response is the rest. Marks of the"
              + " sender's tokenizer before and after (`<s>`, padding, `<|im_end|>`) are left out.")
  @Needs(Scope.SCORE)
  @PostMapping(
      path = "/get_reward",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<GetRewardAnswer> getReward(
      @Valid @RequestBody GetRewardRequest request,
      @Parameter(
              description = "The user, where the client cannot put one into its body",
              schema = @Schema(type = "string", pattern = UserId.PATTERN))
          @RequestParam(name = "user", required = false)
          @Nullable String user,
      @Parameter(description = "wait=N: not computed after N seconds (504)")
          @RequestHeader(name = "Prefer", required = false)
          @Nullable String prefer) {
    TextScoring.Scores scored =
        scoring.score(
            ScoreKind.GET_REWARD,
            new TextScoring.Call(
                Sender.user(request.user(), user),
                request.pairs(),
                GetRewardRequest.NAMES,
                true,
                prefer));
    return ResponseEntity.ok()
        .headers(scored.headers())
        .contentType(MediaType.APPLICATION_JSON)
        .body(GetRewardAnswer.of(scored.scores()));
  }
}
