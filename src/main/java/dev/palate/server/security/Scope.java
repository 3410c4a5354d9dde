package dev.palate.server.security;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a caller may do. None contains another. */
public enum Scope {
  /** Score responses. */
  SCORE,
  /** Give labels and take them back. */
  FEEDBACK,
  /** Read weights, labels, the model. */
  READ,
  /** Keep keys, erase users, change the model. */
  ADMIN;

  /** As it stands in keys, tokens and documents. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Scope> of(String word) {
    return Arrays.stream(values()).filter(scope -> scope.word().equals(word)).findFirst();
  }

  @JsonCreator
  static Scope parse(String word) {
    return of(word)
        .orElseThrow(() ->
            new ProblemException(
                ErrorCode.INVALID_REQUEST,
                "A scope is one of score, feedback, read, admin",
                List.of(
                    new ProblemException.FieldProblem(
                        "", "must be one of score, feedback, read, admin"))));
  }
}
