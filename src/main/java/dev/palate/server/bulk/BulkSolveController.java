package dev.palate.server.bulk;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.palate.core.runtime.LiveModel;
import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Bulk solves, for operators. */
@RestController
@Tag(name = "Bulk solves", description = "All users whose weights are behind, solved at once")
@RequestMapping("/bulk-solves")
class BulkSolveController {

  private final BulkStart bulk;
  private final BulkSolves bulks;
  private final LiveModel model;

  BulkSolveController(BulkStart bulk, BulkSolves bulks, LiveModel model) {
    this.bulk = bulk;
    this.bulks = bulks;
    this.model = model;
  }

  enum Status {
    RUNNING,
    FINISHED;

    @JsonValue
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param users whose weights for the model were behind at the start
   * @param done of them so far
   * @param failed of those done: left to their own jobs, which try again
   */
  record Progress(
      long id,
      String modelVersion,
      Status status,
      long users,
      long done,
      long failed,
      double usersPerSecond,
      Instant startedAt,
      @JsonInclude @Nullable Instant finishedAt) {

    static Progress of(BulkSolve bulk) {
      Instant finished = bulk.finishedAt();
      Instant until = finished == null ? bulk.now() : finished;
      double seconds = Duration.between(bulk.startedAt(), until).toMillis() / 1e3;
      return new Progress(
          bulk.id(),
          bulk.modelVersion(),
          finished == null ? Status.RUNNING : Status.FINISHED,
          bulk.users(),
          bulk.done(),
          bulk.failed(),
          seconds > 0 ? bulk.done() / seconds : 0,
          bulk.startedAt(),
          finished);
    }
  }

  @Operation(
      operationId = "startBulkSolve",
      summary = "Solve all users whose weights for the serving model are behind their labels",
      description =
          "It runs in the background, on all replicas. While one runs for this model, that one is"
              + " joined: the answer is its progress.")
  @ApiResponse(
      responseCode = "202",
      description = "It runs, or there was nothing to do",
      content = @Content(schema = @Schema(implementation = Progress.class)))
  @Needs(Scope.ADMIN)
  @PostMapping
  ResponseEntity<Progress> start() {
    long id = bulk.start(model.current().bundle().version());
    return ResponseEntity.accepted().location(URI.create("/bulk-solves/" + id)).body(progress(id));
  }

  @Operation(operationId = "bulkSolve", summary = "How far a bulk solve is")
  @Needs(Scope.ADMIN)
  @GetMapping("/{id}")
  Progress read(@Parameter(schema = @Schema(type = "integer")) @PathVariable String id) {
    return progress(id.matches("\\d{1,18}") ? Long.parseLong(id) : -1);
  }

  private Progress progress(long id) {
    Optional<BulkSolve> found = bulks.find(id);
    return Progress.of(
        found.orElseThrow(() ->
            new ProblemException(
                ErrorCode.NOT_FOUND,
                "There is no bulk solve of this id; ids are kept for 30 days")));
  }
}
