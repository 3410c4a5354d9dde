package dev.palate.server.users;

import dev.palate.server.changes.UserErased;
import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.store.AdaptationTrigger;
import dev.palate.server.store.UserId;
import dev.palate.server.store.UserRows;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code DELETE /users/{id}}: labels, comparisons, margins, weights, history, job ({@link Export}
 * shows them). A job that runs meanwhile finds the incarnation it read gone and writes nothing.
 */
@RestController
@Tag(name = "Users", description = "All that is held about a user")
class Erasure {

  private final UserRows users;
  private final AdaptationTrigger adaptation;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;

  Erasure(
      UserRows users,
      AdaptationTrigger adaptation,
      TransactionTemplate transaction,
      ApplicationEventPublisher events) {
    this.users = users;
    this.adaptation = adaptation;
    this.transaction = transaction;
    this.events = events;
  }

  @Operation(
      operationId = "eraseUser",
      summary = "Erase a user: labels, comparisons, margins, weights, history, jobs")
  @Needs(value = Scope.ADMIN, orOwn = Scope.FEEDBACK)
  @DeleteMapping("/users/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void erase(@PathVariable String id) {
    UserId user = new UserId(id);
    transaction.executeWithoutResult(status -> {
      users.lock(user);
      users.delete(user);
      adaptation.cancel(user);
    });
    events.publishEvent(new UserErased(user));
  }
}
