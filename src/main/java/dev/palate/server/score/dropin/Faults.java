package dev.palate.server.score.dropin;

import dev.palate.server.score.TextScoring;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import dev.palate.server.web.ProblemException.FieldProblem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a request, so that its sender learns of all of it at once. */
final class Faults {

  private final List<FieldProblem> faults = new ArrayList<>();

  void add(String field, String message) {
    faults.add(new FieldProblem(field, message));
  }

  void check(boolean good, String field, String message) {
    if (!good) {
      add(field, message);
    }
  }

  /** The text's own fault: absent, or too long. */
  void text(@Nullable String text, String field) {
    if (text == null) {
      add(field, "is missing");
    } else if (text.length() > TextScoring.TEXT) {
      add(field, "must have at most %d characters".formatted(TextScoring.TEXT));
    }
  }

  void texts(List<? extends @Nullable String> texts, String field) {
    if (texts.isEmpty() || texts.size() > TextScoring.PAIRS) {
      add(field, "must hold 1 to %d texts".formatted(TextScoring.PAIRS));
      return;
    }
    for (int i = 0; i < texts.size(); i++) {
      text(texts.get(i), field + "[" + i + "]");
    }
  }

  /** A wish to cut texts elsewhere than the model does. */
  void cut(@Nullable Integer tokens, int whole, String field) {
    check(
        tokens == null || tokens == -1 || tokens >= whole,
        field,
        "must be -1 or at least %d: texts are cut at the model's own limit".formatted(whole));
  }

  /**
   * @throws ProblemException if there are any
   */
  void refuse() {
    if (!faults.isEmpty()) {
      throw new ProblemException(
          ErrorCode.INVALID_REQUEST, "See 'errors' for the fields that are not valid", faults);
    }
  }
}
