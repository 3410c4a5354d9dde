package dev.palate.server.store;

import dev.palate.core.model.Prompt;
import dev.palate.server.web.ProblemException.FieldProblem;
import jakarta.validation.Validator;
import java.util.ArrayList;
import java.util.List;

/** Checks of a request whose texts are stored. */
public final class TextChecks {

  private TextChecks() {}

  /** What the annotations of a request say, in a list that may grow. */
  public static List<FieldProblem> violations(Validator validator, Object request) {
    List<FieldProblem> problems = new ArrayList<>();
    validator
        .validate(request)
        .forEach(v ->
            problems.add(
                new FieldProblem(
                    v.getPropertyPath().toString().replace(".<list element>", ""),
                    v.getMessage())));
    return problems;
  }

  public static void prompt(String field, String prompt, List<FieldProblem> problems) {
    if (prompt.length() > Prompt.MAX_CHARACTERS) {
      problems.add(new FieldProblem(field, "size must be between 0 and " + Prompt.MAX_CHARACTERS));
    }
    storable(field, prompt, problems);
  }

  /** PostgreSQL keeps any Unicode text but U+0000; half a surrogate pair is no Unicode text. */
  public static void storable(String field, String text, List<FieldProblem> problems) {
    if (text.indexOf('\0') >= 0) {
      problems.add(new FieldProblem(field, "must not contain the character U+0000"));
    }
    if (text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      problems.add(new FieldProblem(field, "must not contain half a surrogate pair"));
    }
  }
}
