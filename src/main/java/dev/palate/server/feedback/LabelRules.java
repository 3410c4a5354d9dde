package dev.palate.server.feedback;

import static java.util.Objects.requireNonNull;

import dev.palate.server.feedback.FeedbackRequest.LabelRequest;
import dev.palate.server.store.NewLabel;
import dev.palate.server.store.TextChecks;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import dev.palate.server.web.ProblemException.FieldProblem;
import jakarta.validation.Validator;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Labels are checked whole before any is used; one answer names all that is wrong. */
@Component
public class LabelRules {

  private final Validator validator;

  LabelRules(Validator validator) {
    this.validator = validator;
  }

  /**
   * @throws ProblemException INVALID_REQUEST with one entry per field that is not as described
   */
  public List<NewLabel> check(FeedbackRequest request) {
    List<FieldProblem> problems = TextChecks.violations(validator, request);
    List<LabelRequest> labels = request.labels() == null ? List.of() : request.labels();
    if (problems.isEmpty()) {
      IntStream.range(0, labels.size()).forEach(i -> checkContent(i, labels.get(i), problems));
    }
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparing(FieldProblem::field));
      throw new ProblemException(
          ErrorCode.INVALID_REQUEST, "Nothing was stored; correct the fields below", problems);
    }
    return IntStream.range(0, labels.size()).mapToObj(i -> newLabel(i, labels.get(i))).toList();
  }

  private static void checkContent(int i, LabelRequest label, List<FieldProblem> problems) {
    String at = "labels[%d].".formatted(i);
    String prompt = requireNonNull(label.prompt()).text();
    String chosen = requireNonNull(label.chosen());
    String rejected = requireNonNull(label.rejected());
    TextChecks.prompt(at + "prompt", prompt, problems);
    TextChecks.storable(at + "chosen", chosen, problems);
    TextChecks.storable(at + "rejected", rejected, problems);
    if (chosen.equals(rejected)) {
      problems.add(new FieldProblem(at + "rejected", "must differ from chosen"));
    }
    float strength = strength(label);
    if (!(strength > 0 && strength <= 1)) {
      problems.add(new FieldProblem(at + "strength", "must be greater than 0 and at most 1"));
    }
  }

  private static float strength(LabelRequest label) {
    @Nullable Double strength = label.strength();
    return strength == null ? 1f : strength.floatValue();
  }

  private static NewLabel newLabel(int i, LabelRequest label) {
    return NewLabel.of(
        i,
        label.id(),
        requireNonNull(label.prompt()).text(),
        requireNonNull(label.chosen()),
        requireNonNull(label.rejected()),
        strength(label));
  }
}
