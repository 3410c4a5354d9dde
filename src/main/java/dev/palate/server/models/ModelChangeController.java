package dev.palate.server.models;

import dev.palate.server.security.Callers;
import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Another model, without a stop. */
@RestController
@Tag(name = "Model")
@RequestMapping("/model")
class ModelChangeController {

  private final ModelChange change;
  private final ModelActivations activations;
  private final Callers callers;

  ModelChangeController(ModelChange change, ModelActivations activations, Callers callers) {
    this.change = change;
    this.activations = activations;
    this.callers = callers;
  }

  record ActivationRequest(
      @Schema(
              description = "Its directory's name",
              requiredMode = Schema.RequiredMode.REQUIRED,
              pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")
          @Nullable String bundle) {}

  /**
   * @param previousVersion kept loaded for a rollback; null: none
   * @param bulkSolve by which users' weights follow; null: nobody's were behind
   */
  @Schema(name = "ModelChanged")
  record Changed(
      String model,
      String modelVersion,
      @Nullable String previousVersion,
      @Nullable Long bulkSolve) {

    static Changed of(ModelChange.Done done) {
      return new Changed(
          done.serving().name(),
          done.serving().version(),
          done.previous().map(bundle -> bundle.version()).orElse(null),
          done.bulkSolve().orElse(null));
    }
  }

  @Schema(name = "ModelActivation")
  record Entry(String bundle, String modelVersion, Instant activatedAt, String activatedBy) {}

  /**
   * @param next the {@code after} of the following page; null: this is the last
   */
  record ActivationPage(List<Entry> activations, @Nullable String next) {}

  @Operation(
      operationId = "activateModel",
      summary = "Make another bundle the serving model",
      description =
          "Verified, loaded and warmed beside the traffic, then changed in one step: the answer comes"
              + " when this replica serves it, the other replicas follow within seconds. A bundle that"
              + " cannot serve is refused and the present one serves on. Users' weights for it follow"
              + " by a bulk solve; until theirs are there, users are served by the prior.")
  @Needs(Scope.ADMIN)
  @PostMapping("/activate")
  Changed activate(@RequestBody ActivationRequest request) {
    return Changed.of(change.activate(request.bundle(), callers.currentId()));
  }

  @Operation(
      operationId = "rollBackModel",
      summary = "Go back to the model that served before",
      description = "It is still loaded, so this is one step; a second rollback goes forth again.")
  @Needs(Scope.ADMIN)
  @PostMapping("/rollback")
  Changed rollBack() {
    return Changed.of(change.rollBack(callers.currentId()));
  }

  @Operation(operationId = "modelActivations", summary = "What was activated, newest first")
  @Needs(Scope.ADMIN)
  @GetMapping("/activations")
  ActivationPage list(
      @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
      @RequestParam(required = false) @Nullable String after) {
    Page page = Page.of(limit, after);
    List<ModelActivation> rows = activations.list(page.after(), page.limit() + 1);
    boolean more = rows.size() > page.limit();
    List<ModelActivation> shown = more ? rows.subList(0, page.limit()) : rows;
    return new ActivationPage(
        shown.stream()
            .map(row ->
                new Entry(row.bundle(), row.modelVersion(), row.activatedAt(), row.activatedBy()))
            .toList(),
        more ? Long.toString(shown.getLast().id()) : null);
  }
}
