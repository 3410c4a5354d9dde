package dev.palate.server.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;

/**
 * The body of every error: RFC 9457 problem details with the API's own {@code code}.
 *
 * @param type a stable name of the kind of error, {@code urn:palate:problem:<code>}
 * @param title the same sentence for every problem of a kind
 * @param status the HTTP status
 * @param detail what to do about this one; holds no user's text
 * @param code {@link ErrorCode} in lower case
 * @param errors the fields at fault; left out where there are none
 */
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String code,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ProblemException.FieldProblem> errors) {

  public Problem {
    errors = List.copyOf(errors);
  }

  static Problem of(
      ErrorCode code, int status, String detail, List<ProblemException.FieldProblem> errors) {
    String name = code.name().toLowerCase(Locale.ROOT);
    return new Problem("urn:palate:problem:" + name, code.title(), status, detail, name, errors);
  }

  static Problem of(ErrorCode code, String detail) {
    return of(code, code.status().value(), detail, List.of());
  }

  static Problem of(ProblemException exception) {
    String detail = exception.getMessage();
    return of(
        exception.code(),
        exception.code().status().value(),
        detail == null ? exception.code().title() : detail,
        exception.errors());
  }

  /** For an HTTP status that was decided below the API: by the servlet container or Spring MVC. */
  static Problem ofStatus(int status) {
    ErrorCode code =
        switch (status) {
          case 401 -> ErrorCode.UNAUTHORIZED;
          case 403 -> ErrorCode.FORBIDDEN;
          case 404 -> ErrorCode.NOT_FOUND;
          case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
          case 406 -> ErrorCode.NOT_ACCEPTABLE;
          case 413 -> ErrorCode.PAYLOAD_TOO_LARGE;
          case 415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
          case 429 -> ErrorCode.QUOTA_EXCEEDED;
          case 503 -> ErrorCode.OVERLOADED;
          default -> status < 500 ? ErrorCode.MALFORMED_REQUEST : ErrorCode.INTERNAL;
        };
    return of(code, status, code.title(), List.of());
  }
}
