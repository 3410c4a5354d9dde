package dev.palate.server.web;

import org.springframework.http.HttpStatus;

/** Every kind of error the API answers with; one code per cause, lower case on the wire. */
public enum ErrorCode {
  MALFORMED_REQUEST(HttpStatus.BAD_REQUEST, "The request cannot be read"),
  INVALID_REQUEST(HttpStatus.UNPROCESSABLE_CONTENT, "The request is not valid"),
  TEXT_TOO_LONG(HttpStatus.UNPROCESSABLE_CONTENT, "A text is over the model's limit"),
  UNAUTHORIZED(HttpStatus.UNAUTHORIZED, "Authentication is required"),
  FORBIDDEN(HttpStatus.FORBIDDEN, "The key or token does not allow this"),
  NOT_FOUND(HttpStatus.NOT_FOUND, "There is no such resource"),
  METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "This method is not supported here"),
  NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "No acceptable representation"),
  UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Send application/json"),
  PAYLOAD_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The body is too large"),
  LABEL_CONFLICT(HttpStatus.CONFLICT, "A label id was used before for other content"),
  COMPARISON_CONFLICT(HttpStatus.CONFLICT, "A comparison id was used before for another pair"),
  TOO_MANY_COMPARISONS(HttpStatus.CONFLICT, "The user has too many comparisons"),
  IDEMPOTENCY_CONFLICT(HttpStatus.CONFLICT, "The Idempotency-Key was used before for another body"),
  MODEL_BUSY(HttpStatus.CONFLICT, "Another model is being activated"),
  NO_PREVIOUS_MODEL(HttpStatus.CONFLICT, "This replica holds no model to go back to"),
  BUNDLE_REJECTED(HttpStatus.UNPROCESSABLE_CONTENT, "The bundle cannot serve"),
  QUOTA_EXCEEDED(HttpStatus.TOO_MANY_REQUESTS, "The quota is used up"),
  MODEL_OUTPUT_NOT_FINITE(HttpStatus.INTERNAL_SERVER_ERROR, "The model gave no finite score"),
  INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side"),
  OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE, "The server is full"),
  ENCODER_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The remote encoder does not answer"),
  DATABASE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The database does not answer"),
  AUTHENTICATION_UNAVAILABLE(
      HttpStatus.SERVICE_UNAVAILABLE, "Keys and tokens cannot be checked now"),
  DEADLINE_EXCEEDED(HttpStatus.GATEWAY_TIMEOUT, "The deadline passed");

  private final HttpStatus status;
  private final String title;

  ErrorCode(HttpStatus status, String title) {
    this.status = status;
    this.title = title;
  }

  public HttpStatus status() {
    return status;
  }

  public String title() {
    return title;
  }
}
