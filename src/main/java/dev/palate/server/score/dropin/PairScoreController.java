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
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Scores of pairs of texts, for clients of vLLM. */
@RestController
@Tag(name = "Drop-in forms")
class PairScoreController {

  private final TextScoring scoring;
  private final Clock clock;

  PairScoreController(TextScoring scoring, Clock clock) {
    this.scoring = scoring;
    this.clock = clock;
  }

  @Operation(
      operationId = "scorePairs",
      summary = "Score pairs of texts, for vLLM's clients",
      description =
          "The first text of a pair is the prompt, the second a response to it: one to one, one to"
              + " many, or many to as many.")
  @Needs(Scope.SCORE)
  @PostMapping(
      path = "/v1/score",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<PairScoreAnswer> scorePairs(
      @RequestBody PairScoreRequest request,
      @Parameter(
              description = "The user, where the client cannot put one into its body",
              schema = @Schema(type = "string", pattern = UserId.PATTERN))
          @RequestParam(name = "user", required = false)
          @Nullable String user,
      @Parameter(description = "wait=N: not computed after N seconds (504)")
          @RequestHeader(name = "Prefer", required = false)
          @Nullable String prefer,
      HttpServletResponse response) {
    TextScoring.Scores scored =
        scoring.score(
            ScoreKind.V1_SCORE,
            new TextScoring.Call(
                Sender.user(request.user(), user),
                request.pairs(scoring.maxTokens()),
                request.names(),
                true,
                prefer));
    long tokens = scored.tokens();
    PairScoreAnswer answer =
        new PairScoreAnswer(
            "score-" + Objects.requireNonNullElse(response.getHeader("X-Request-Id"), ""),
            "list",
            clock.instant().getEpochSecond(),
            scored.model(),
            PairScoreAnswer.data(scored.scores(), request.isActivated()),
            new PairScoreAnswer.Usage(tokens, tokens, 0));
    return ResponseEntity.ok()
        .headers(scored.headers())
        .contentType(MediaType.APPLICATION_JSON)
        .body(answer);
  }
}
