package dev.palate.server.score;

import dev.palate.core.model.ScoreItem;
import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.store.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /score} and {@code POST /score/batch}. */
@RestController
@Tag(name = "Scoring", description = "Ranks a prompt's candidate responses for a user")
class ScoreController {

  private static final MethodParameter SENT =
      new MethodParameter(
          Objects.requireNonNull(
              ReflectionUtils.findMethod(
                  ScoreController.class,
                  "score",
                  HttpServletRequest.class,
                  HttpServletResponse.class,
                  String.class)),
          0);

  private final ScoreBody body;
  private final ScoreAnswerJson json;
  private final ScoreIntake intake;
  private final ScoreMetrics metrics;

  ScoreController(ScoreBody body, ScoreAnswerJson json, ScoreIntake intake, ScoreMetrics metrics) {
    this.body = body;
    this.json = json;
    this.intake = intake;
    this.metrics = metrics;
  }

  @Operation(
      operationId = "score",
      summary = "Score the responses to one prompt",
      description =
          "Each response's reward is the sum of its experts' contributions: the expert's reward times"
              + " the weight that this user and this prompt give the expert.")
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON_VALUE,
              schema = @Schema(implementation = ScoreRequest.class)))
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(implementation = ScoreAnswer.class)))
  @Needs(Scope.SCORE)
  @PostMapping(
      path = "/score",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void score(
      HttpServletRequest sent,
      HttpServletResponse response,
      @Parameter(description = "wait=N: not computed after N seconds (504)")
          @RequestHeader(name = "Prefer", required = false)
          @Nullable String prefer)
      throws IOException, MethodArgumentNotValidException {
    ScoreRequest request = body.read(sent, SENT);
    ScoreService.Scored scored =
        metrics.timed(
            ScoreKind.SINGLE,
            () -> {
              ScoreService.Ask ask =
                  new ScoreService.Ask(
                      null,
                      ScoreIntake.user(request.user(), "user"),
                      new ScoreItem(request.prompt(), request.responses()),
                      orTrue(request.explain()),
                      orTrue(request.truncate()));
              return intake.score(List.of(ask), TextNames.below(List.of("")), prefer);
            });
    byte[] bytes = json.bytes(scored.answers().getFirst());
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    ScoreIntake.headers(scored, response::setHeader);
    // Of known length, it leaves in one piece when the request ends
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }

  @Operation(
      operationId = "scoreBatch",
      summary = "Score many prompts at once",
      description = "Admitted whole or refused whole; the answers are in input order.")
  @Needs(Scope.SCORE)
  @PostMapping(
      path = "/score/batch",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<BatchAnswer> scoreBatch(
      @Valid @RequestBody BatchRequest request,
      @Parameter(description = "wait=N: not computed after N seconds (504)")
          @RequestHeader(name = "Prefer", required = false)
          @Nullable String prefer) {
    return metrics.timed(
        ScoreKind.BATCH,
        () -> {
          UserId byDefault = ScoreIntake.user(request.user(), "user");
          List<ScoreService.Ask> asks = new ArrayList<>();
          List<String> fields = new ArrayList<>();
          for (BatchRequest.Item item : request.items()) {
            String field = "items[" + asks.size() + "].";
            UserId own = ScoreIntake.user(item.user(), field + "user");
            asks.add(
                new ScoreService.Ask(
                    item.id(),
                    own == null ? byDefault : own,
                    new ScoreItem(item.prompt(), item.responses()),
                    orTrue(item.explain()),
                    orTrue(item.truncate())));
            fields.add(field);
          }
          ScoreService.Scored scored = intake.score(asks, TextNames.below(fields), prefer);
          return answer(new BatchAnswer(scored.answers()), scored);
        });
  }

  private static <T> ResponseEntity<T> answer(T body, ScoreService.Scored scored) {
    HttpHeaders headers = new HttpHeaders();
    ScoreIntake.headers(scored, headers::set);
    return ResponseEntity.ok().headers(headers).contentType(MediaType.APPLICATION_JSON).body(body);
  }

  private static boolean orTrue(@Nullable Boolean value) {
    return value == null || value;
  }
}
