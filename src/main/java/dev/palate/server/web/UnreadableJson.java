package dev.palate.server.web;

import dev.palate.server.web.ProblemException.FieldProblem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Why a JSON body could not be read. Jackson's own messages quote the body, so none is passed on:
 * what is not JSON at all is 400 with its line and column, what is JSON of another form is 422 with
 * its field.
 */
final class UnreadableJson {

  /** Longest part of an unknown property's name that is told back. */
  private static final int LONGEST_PATH = 200;

  private UnreadableJson() {}

  static Problem problem(@Nullable Throwable cause) {
    return switch (cause) {
      case null ->
          Problem.of(ErrorCode.MALFORMED_REQUEST, "The body is missing; send a JSON object");
      case DatabindException e when e.getCause() instanceof StreamReadException inner ->
          malformed(inner);
      case DatabindException e when e.getCause() instanceof ProblemException inner -> at(e, inner);
      case UnrecognizedPropertyException e -> invalid(e, "is not a property of this request");
      case MismatchedInputException e when isTrailing(e) -> malformed(e);
      case MismatchedInputException e -> invalid(e, expected(e));
      case DatabindException e -> invalid(e, "has the wrong form");
      case JacksonException e -> malformed(e);
      default -> Problem.of(ErrorCode.MALFORMED_REQUEST, "The body could not be read to its end");
    };
  }

  /** Jackson reports a second document after the first as a mismatch of the whole. */
  private static boolean isTrailing(MismatchedInputException e) {
    return e.getPath().isEmpty() && e.getOriginalMessage().startsWith("Trailing token");
  }

  private static Problem malformed(JacksonException e) {
    String fault =
        e instanceof StreamConstraintsException
            ? "The body is nested too deeply, or a number or name in it is too long"
            : "The body is not valid JSON";
    TokenStreamLocation where = e.getLocation();
    if (where != null && where.getLineNr() > 0) {
      fault += " (line %d, column %d)".formatted(where.getLineNr(), where.getColumnNr());
    }
    return Problem.of(ErrorCode.MALFORMED_REQUEST, fault);
  }

  private static Problem invalid(DatabindException e, String message) {
    return invalid(List.of(new FieldProblem(path(e), message)));
  }

  /** A value refused by its own type, which knows the fault and its place inside the value. */
  private static Problem at(DatabindException e, ProblemException inner) {
    String base = path(e);
    if (inner.errors().isEmpty()) {
      return invalid(e, "has the wrong form");
    }
    return invalid(
        inner.errors().stream()
            .map(error -> new FieldProblem(JsonPaths.join(base, error.field()), error.message()))
            .toList());
  }

  private static Problem invalid(List<FieldProblem> errors) {
    return Problem.of(
        ErrorCode.INVALID_REQUEST,
        ErrorCode.INVALID_REQUEST.status().value(),
        "See 'errors' for the fields that are not valid",
        errors);
  }

  private static String path(DatabindException e) {
    String path = JsonPaths.of(e.getPath());
    return path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH) + "...";
  }

  private static String expected(MismatchedInputException e) {
    Class<?> type = e.getTargetType();
    if (type == null) {
      return "has the wrong form";
    }
    if (type == String.class) {
      return "must be a string";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "must be true or false";
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
      return "must be a finite number in range";
    }
    if (Iterable.class.isAssignableFrom(type) || type.isArray()) {
      return "must be an array";
    }
    return "must be an object";
  }
}
