package dev.palate.server.web;

import dev.palate.server.web.ProblemException.FieldProblem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a list a client asked for: keyset paging by a row's number, so that pages neither
 * repeat nor skip when rows come in between.
 *
 * @param limit rows at most
 * @param after the row number of the last row already seen; null: from the start
 */
public record Page(int limit, @Nullable Long after) {

  public static final String DEFAULT_LIMIT = "50";
  public static final int MAX_LIMIT = 500;

  public static Page of(int limit, @Nullable String after) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw problem("limit", "must be between 1 and " + MAX_LIMIT);
    }
    if (after == null) {
      return new Page(limit, null);
    }
    if (!after.matches("[0-9]{1,18}")) {
      throw problem("after", "must be the 'next' of an earlier page");
    }
    return new Page(limit, Long.parseLong(after));
  }

  private static ProblemException problem(String field, String message) {
    return new ProblemException(
        ErrorCode.INVALID_REQUEST,
        "This part of the list cannot be given",
        List.of(new FieldProblem(field, message)));
  }
}
