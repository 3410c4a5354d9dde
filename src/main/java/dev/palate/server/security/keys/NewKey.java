package dev.palate.server.security.keys;

import dev.palate.server.security.Reach;
import dev.palate.server.security.Scope;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import dev.palate.server.web.ProblemException.FieldProblem;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A key that is asked for: the body of {@code POST /keys}, and what the command line makes. */
@Schema(description = "What a new key may do, for whose data, until when")
record NewKey(
    @Schema(description = "What you call it", maxLength = NAME) @Nullable String name,
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED, description = "At least one")
        @Nullable List<@Nullable Scope> scopes,
    @Schema(description = "Bound to this one user", pattern = Reach.USER_PATTERN)
        @Nullable String user,
    @Schema(
            description =
                "Bound to the users whose id begins so; ends in one of . _ - @ :, as a tenant's"
                    + " prefix does",
            pattern = Reach.PREFIX_PATTERN)
        @Nullable String prefix,
    @Schema(description = "Absent: it does not expire") @Nullable Instant expiresAt) {

  static final int NAME = 128;

  /**
   * @throws ProblemException INVALID_REQUEST with one entry per field that is not as described
   */
  void check(Instant now) {
    List<FieldProblem> problems = new ArrayList<>();
    if (scopes == null || scopes.isEmpty() || scopes.stream().anyMatch(Objects::isNull)) {
      problems.add(new FieldProblem("scopes", "must hold some of score, feedback, read, admin"));
    }
    if (name != null && (name.length() > NAME || name.chars().anyMatch(Character::isISOControl))) {
      problems.add(
          new FieldProblem(
              "name", "must have at most %d characters, no control character".formatted(NAME)));
    }
    if (user != null && prefix != null) {
      problems.add(new FieldProblem("prefix", "stands beside user; give one of them"));
    }
    if (user != null && !Reach.isUser(user)) {
      problems.add(new FieldProblem("user", "is not a valid user id"));
    }
    if (prefix != null && !Reach.isPrefix(prefix)) {
      problems.add(new FieldProblem("prefix", "must begin a user id and end in one of . _ - @ :"));
    }
    if (expiresAt != null && !expiresAt.isAfter(now)) {
      problems.add(new FieldProblem("expires_at", "must lie in the future"));
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(
          ErrorCode.INVALID_REQUEST, "No key was made; correct the fields below", problems);
    }
  }

  Set<Scope> scopeSet() {
    List<Scope> given = new ArrayList<>();
    for (Scope scope : scopes == null ? List.<@Nullable Scope>of() : scopes) {
      if (scope != null) {
        given.add(scope);
      }
    }
    return Set.copyOf(given);
  }
}
