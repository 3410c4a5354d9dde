package dev.palate.server.feedback;

import dev.palate.core.runtime.LiveModel;
import dev.palate.core.taste.SolverVersion;
import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.store.Labels;
import dev.palate.server.store.UserId;
import dev.palate.server.web.Page;
import dev.palate.server.web.PreferWait;
import dev.palate.server.weights.ExpertWeightsReader;
import dev.palate.server.weights.ExpertWeightsView;
import dev.palate.server.weights.SolveWait;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What users preferred: taken in, listed, taken back. */
@RestController
@Tag(name = "Feedback", description = "A user's preferences and ties")
@RequestMapping("/users/{id}/feedback")
class FeedbackController {

  private final LabelRules rules;
  private final FeedbackService feedback;
  private final Labels labels;
  private final SolveWait solveWait;
  private final ExpertWeightsReader weights;
  private final LiveModel model;

  FeedbackController(
      LabelRules rules,
      FeedbackService feedback,
      Labels labels,
      SolveWait solveWait,
      ExpertWeightsReader weights,
      LiveModel model) {
    this.rules = rules;
    this.feedback = feedback;
    this.labels = labels;
    this.solveWait = solveWait;
    this.weights = weights;
    this.model = model;
  }

  @Operation(
      operationId = "feedback",
      summary = "Take labels: preferences and ties",
      description =
          "Stored in one transaction before the answer; the user's weights follow in the background."
              + " A tie, with `tie` and `responses`, says that neither of two responses is better."
              + " A label id sent again with the same content is counted as a duplicate, with other"
              + " content refused (409).")
  @ApiResponse(
      responseCode = "202",
      description = "Stored; the weights follow",
      content = @Content(schema = @Schema(implementation = FeedbackReceipt.class)))
  @ApiResponse(
      responseCode = "200",
      description = "Stored and solved, where the request said Prefer: wait=N",
      content = @Content(schema = @Schema(implementation = ExpertWeightsView.class)))
  @Needs(Scope.FEEDBACK)
  @PostMapping
  ResponseEntity<Object> take(
      @PathVariable String id,
      @RequestBody FeedbackRequest request,
      @Parameter(description = "Sent again with the same key, a request is taken once")
          @RequestHeader(name = "Idempotency-Key", required = false)
          @Nullable String key,
      @Parameter(description = "wait=N: answer with the new weights if they come in N seconds")
          @RequestHeader(name = "Prefer", required = false)
          @Nullable String prefer) {
    UserId user = new UserId(id);
    Idempotency.check(key);
    FeedbackReceipt receipt = feedback.take(user, rules.check(request), key);
    URI location = URI.create("/users/" + user + "/expert-weights");
    Optional<Duration> wait = PreferWait.parse(prefer);
    if (wait.isPresent()
        && solveWait.until(
            user,
            model.current().bundle().version(),
            SolverVersion.FIRST,
            receipt.feedbackSeq(),
            wait.get())) {
      return ResponseEntity.ok()
          .header(HttpHeaders.CONTENT_LOCATION, location.toString())
          .location(location)
          .header("Preference-Applied", "wait=" + wait.get().toSeconds())
          .body(weights.read(user).view());
    }
    return ResponseEntity.status(HttpStatus.ACCEPTED).location(location).body(receipt);
  }

  @Operation(
      operationId = "labels",
      summary = "A user's labels, oldest first",
      description =
          "Labels whose texts were dropped for their age come without prompt, chosen and rejected;"
              + " ties without prompt and responses.")
  @Needs(Scope.READ)
  @GetMapping
  LabelPage list(
      @PathVariable String id,
      @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
      @RequestParam(required = false) @Nullable String after) {
    UserId user = new UserId(id);
    Page page = Page.of(limit, after);
    long from = page.after() == null ? 0 : page.after();
    return LabelPage.of(
        labels.findByUserIdAndIdGreaterThanOrderById(
            user.value(), from, Limit.of(page.limit() + 1)),
        page.limit());
  }

  @Operation(operationId = "deleteLabel", summary = "Take one label back; the user is solved again")
  @Needs(Scope.FEEDBACK)
  @DeleteMapping("/{label_id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String id, @PathVariable("label_id") String labelId) {
    feedback.delete(new UserId(id), labelId);
  }
}
