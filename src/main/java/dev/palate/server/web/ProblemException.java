package dev.palate.server.web;

import java.io.Serial;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends a request with an RFC 9457 problem. Its detail says what to do and holds no user's text. */
public final class ProblemException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient List<FieldProblem> errors;
  private final @Nullable Duration retryAfter;

  public ProblemException(ErrorCode code, String detail) {
    this(code, detail, List.of(), null);
  }

  public ProblemException(ErrorCode code, String detail, List<FieldProblem> errors) {
    this(code, detail, errors, null);
  }

  public ProblemException(ErrorCode code, String detail, Duration retryAfter) {
    this(code, detail, List.of(), retryAfter);
  }

  private ProblemException(
      ErrorCode code, String detail, List<FieldProblem> errors, @Nullable Duration retryAfter) {
    super(detail);
    this.code = code;
    this.errors = List.copyOf(errors);
    this.retryAfter = retryAfter;
  }

  public ErrorCode code() {
    return code;
  }

  public List<FieldProblem> errors() {
    return errors;
  }

  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** A field of the request (JSON path, snake_case) and what is wrong with it. */
  public record FieldProblem(String field, String message) {}
}
