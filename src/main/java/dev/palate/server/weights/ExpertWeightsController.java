package dev.palate.server.weights;

import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.store.UserId;
import dev.palate.server.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.ServletWebRequest;

/** A user's weights, and how they came about. */
@RestController
@Tag(name = "Expert weights", description = "What a user's labels did to the experts' weights")
@RequestMapping("/users/{id}/expert-weights")
class ExpertWeightsController {

  private final ExpertWeightsReader weights;

  ExpertWeightsController(ExpertWeightsReader weights) {
    this.weights = weights;
  }

  /** 304 where {@code If-None-Match} names the present answer. */
  @Operation(
      operationId = "expertWeights",
      summary = "A user's expert weights: prior, shift, uncertainty",
      description =
          "A user who never labelled stands at the prior, version 0. `solved_labels` is below `labels`"
              + " in current weights where a label's scores are not finite, or its texts were"
              + " dropped for their age before this model could score it.")
  @Needs(Scope.READ)
  @GetMapping
  @Nullable ResponseEntity<ExpertWeightsView> read(
      @PathVariable String id,
      @Parameter(description = "How many experts to show, those with the largest shifts")
          @RequestParam(required = false)
          @Nullable Integer limit,
      ServletWebRequest request) {
    Integer most = limit == null ? null : Page.of(limit, null).limit();
    ExpertWeightsReader.Versioned read = weights.read(new UserId(id));
    if (request.checkNotModified(read.etag())) {
      return null;
    }
    return ResponseEntity.ok()
        .header(HttpHeaders.CACHE_CONTROL, "no-cache, private")
        .body(most == null ? read.view() : read.view().limited(most));
  }

  @Operation(
      operationId = "expertWeightsHistory",
      summary = "Versions of the weights, newest first")
  @Needs(Scope.READ)
  @GetMapping("/history")
  HistoryPage history(
      @PathVariable String id,
      @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
      @RequestParam(required = false) @Nullable String after) {
    UserId user = new UserId(id);
    Page page = Page.of(limit, after);
    return weights.history(user, page.limit(), page.after());
  }
}
