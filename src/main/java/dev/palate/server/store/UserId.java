package dev.palate.server.store;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The caller's own name for a user.
 *
 * @param value 1 to 128 of {@code A-Z a-z 0-9 . _ - @ :}
 */
public record UserId(String value) {

  /** As a regular expression, for the contract. */
  public static final String PATTERN = "^[A-Za-z0-9._@:-]{1,128}$";

  private static final Pattern VALID = Pattern.compile(PATTERN);

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public UserId {
    if (!VALID.matcher(value).matches()) {
      throw new ProblemException(
          ErrorCode.INVALID_REQUEST,
          "A user id is 1 to 128 of the characters A-Z a-z 0-9 . _ - @ :",
          List.of(new ProblemException.FieldProblem("user", "not a valid user id")));
    }
  }

  @JsonValue
  @Override
  public String toString() {
    return value;
  }
}
