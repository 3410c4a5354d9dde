package dev.palate.server.web;

import dev.palate.server.web.ProblemException.FieldProblem;
import jakarta.validation.ConstraintViolationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.BindingResult;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns whatever ends a request early into one {@link Problem}. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemAdvice {

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);
  private static final Duration DATABASE_RETRY = Duration.ofSeconds(2);
  private static final String NOT_VALID = "See 'errors' for the fields that are not valid";

  @ExceptionHandler
  ResponseEntity<Problem> onProblem(ProblemException e) {
    HttpHeaders headers = new HttpHeaders();
    retryAfter(headers, e.retryAfter());
    return answer(Problem.of(e), headers);
  }

  @ExceptionHandler
  ResponseEntity<Problem> onUnreadable(HttpMessageNotReadableException e) {
    if (causeOf(e, BodyFilter.TooLargeException.class) != null) {
      return answer(BodyFilter.TooLargeException.problem(), HttpHeaders.EMPTY);
    }
    return answer(UnreadableJson.problem(e.getCause()), HttpHeaders.EMPTY);
  }

  @ExceptionHandler
  ResponseEntity<Problem> onInvalid(MethodArgumentNotValidException e) {
    return invalid(fields(e.getBindingResult()));
  }

  @ExceptionHandler
  ResponseEntity<Problem> onInvalid(HandlerMethodValidationException e) {
    List<FieldProblem> errors = new ArrayList<>();
    e.getParameterValidationResults()
        .forEach(result ->
            result
                .getResolvableErrors()
                .forEach(error ->
                    errors.add(
                        new FieldProblem(
                            JsonPaths.snakeCase(parameter(result, error)),
                            message(error.getDefaultMessage())))));
    return invalid(errors);
  }

  @ExceptionHandler
  ResponseEntity<Problem> onInvalid(ConstraintViolationException e) {
    return invalid(
        e.getConstraintViolations().stream()
            .map(v ->
                new FieldProblem(
                    JsonPaths.snakeCase(v.getPropertyPath().toString()), v.getMessage()))
            .toList());
  }

  @ExceptionHandler
  ResponseEntity<Problem> onInvalid(MethodArgumentTypeMismatchException e) {
    ProblemException inner = causeOf(e, ProblemException.class);
    if (inner != null) {
      return onProblem(inner);
    }
    return invalid(
        List.of(new FieldProblem(JsonPaths.snakeCase(e.getName()), "has the wrong form")));
  }

  @ExceptionHandler
  ResponseEntity<Problem> onInvalid(MissingServletRequestParameterException e) {
    return invalid(
        List.of(new FieldProblem(JsonPaths.snakeCase(e.getParameterName()), "is missing")));
  }

  @ExceptionHandler
  ResponseEntity<Problem> onUnknownPath(NoResourceFoundException e) {
    return answer(
        Problem.of(ErrorCode.NOT_FOUND, "Nothing is served at this path"), HttpHeaders.EMPTY);
  }

  @ExceptionHandler
  ResponseEntity<Problem> onMethod(HttpRequestMethodNotSupportedException e) {
    return answer(Problem.of(ErrorCode.METHOD_NOT_ALLOWED, "See the Allow header"), e.getHeaders());
  }

  @ExceptionHandler
  ResponseEntity<Problem> onAccept(HttpMediaTypeNotAcceptableException e) {
    return answer(
        Problem.of(ErrorCode.NOT_ACCEPTABLE, "Answers are application/json"), HttpHeaders.EMPTY);
  }

  @ExceptionHandler
  ResponseEntity<Problem> onMediaType(HttpMediaTypeNotSupportedException e) {
    return answer(
        Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send the body as application/json"),
        e.getHeaders());
  }

  /** The client left; nobody reads an answer. */
  @ExceptionHandler
  void onClientGone(AsyncRequestNotUsableException e) {
    log.debug("The client closed the connection");
  }

  @ExceptionHandler
  ResponseEntity<Problem> onAnythingElse(Exception e) {
    if (StorageOutage.is(e)) {
      log.warn("The database does not answer: {}", e.getClass().getSimpleName());
      HttpHeaders headers = new HttpHeaders();
      retryAfter(headers, DATABASE_RETRY);
      return answer(
          Problem.of(ErrorCode.DATABASE_UNAVAILABLE, "Send the request again in a moment"),
          headers);
    }
    if (e instanceof ErrorResponse known && known.getStatusCode().value() < 500) {
      return answer(Problem.ofStatus(known.getStatusCode().value()), known.getHeaders());
    }
    log.error("Request {} failed", RequestIdFilter.current(), e);
    return answer(
        Problem.of(
            ErrorCode.INTERNAL,
            "Quote the X-Request-Id of this answer when you report it; the cause is in the log"),
        HttpHeaders.EMPTY);
  }

  private static ResponseEntity<Problem> invalid(List<FieldProblem> errors) {
    return answer(
        Problem.of(
            ErrorCode.INVALID_REQUEST,
            ErrorCode.INVALID_REQUEST.status().value(),
            NOT_VALID,
            errors.stream().sorted(Comparator.comparing(FieldProblem::field)).toList()),
        HttpHeaders.EMPTY);
  }

  private static ResponseEntity<Problem> answer(Problem problem, HttpHeaders headers) {
    return ResponseEntity.status(HttpStatusCode.valueOf(problem.status()))
        .headers(headers)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem);
  }

  private static void retryAfter(HttpHeaders headers, @Nullable Duration wait) {
    if (wait != null) {
      headers.set(
          HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, wait.plusMillis(999).toSeconds())));
    }
  }

  private static List<FieldProblem> fields(BindingResult result) {
    List<FieldProblem> errors = new ArrayList<>();
    result
        .getAllErrors()
        .forEach(error ->
            errors.add(
                new FieldProblem(
                    error instanceof FieldError field ? JsonPaths.snakeCase(field.getField()) : "",
                    message(error.getDefaultMessage()))));
    return errors;
  }

  private static String parameter(
      org.springframework.validation.method.ParameterValidationResult result,
      org.springframework.context.MessageSourceResolvable error) {
    if (error instanceof FieldError field) {
      return field.getField();
    }
    String name = result.getMethodParameter().getParameterName();
    return name == null ? "" : name;
  }

  private static String message(@Nullable String message) {
    return message == null ? "is not valid" : message;
  }

  private static <T extends Throwable> @Nullable T causeOf(Throwable thrown, Class<T> type) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }
}
