package dev.palate.server.weights;

import dev.palate.core.runtime.LiveModel;
import dev.palate.core.taste.SolverVersion;
import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.store.AdaptationTrigger;
import dev.palate.server.store.UserId;
import dev.palate.server.store.UserRows;
import dev.palate.server.store.UserState;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.PreferWait;
import dev.palate.server.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** One user's solve on request, where their weights are behind; feedback asks for its own. */
@RestController
@Tag(name = "Expert weights")
class SolveController {

  private final UserRows users;
  private final AdaptationTrigger adaptation;
  private final TransactionTemplate transaction;
  private final SolveWait solveWait;
  private final ExpertWeightsReader weights;
  private final LiveModel model;

  SolveController(
      UserRows users,
      AdaptationTrigger adaptation,
      TransactionTemplate transaction,
      SolveWait solveWait,
      ExpertWeightsReader weights,
      LiveModel model) {
    this.users = users;
    this.adaptation = adaptation;
    this.transaction = transaction;
    this.solveWait = solveWait;
    this.weights = weights;
    this.model = model;
  }

  @Operation(
      operationId = "solveExpertWeights",
      summary = "Solve a user whose weights are behind their labels, the model or the solver",
      description = "Weights that are up to date stay as they are: a solve would give the same.")
  @ApiResponse(responseCode = "200", description = "The weights are up to date")
  @ApiResponse(responseCode = "202", description = "The weights follow")
  @Needs(Scope.FEEDBACK)
  @PostMapping("/users/{id}/expert-weights/solve")
  ResponseEntity<ExpertWeightsView> solve(
      @PathVariable String id,
      @Parameter(description = "wait=N: answer with the new weights if they come in N seconds")
          @RequestHeader(name = "Prefer", required = false)
          @Nullable String prefer) {
    UserId user = new UserId(id);
    UserState state = schedule(user);
    Duration patience = PreferWait.parse(prefer).orElse(Duration.ZERO);
    boolean solved =
        solveWait.until(
            user,
            model.current().bundle().version(),
            SolverVersion.CURRENT,
            state.feedbackSeq(),
            patience);
    return ResponseEntity.status(solved ? HttpStatus.OK : HttpStatus.ACCEPTED)
        .location(URI.create("/users/" + user + "/expert-weights"))
        .body(weights.read(user).view());
  }

  private UserState schedule(UserId user) {
    Optional<UserState> scheduled =
        transaction.execute(status -> {
          Optional<UserState> state = users.lock(user).filter(present -> present.feedbackSeq() > 0);
          state.ifPresent(present -> adaptation.schedule(user));
          return state;
        });
    if (scheduled == null || scheduled.isEmpty()) {
      throw new ProblemException(ErrorCode.NOT_FOUND, "The user has given no labels");
    }
    return scheduled.get();
  }
}
