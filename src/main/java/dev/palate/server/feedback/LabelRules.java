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
    IntStream.range(0, labels.size()).forEach(i -> checkKind(i, labels.get(i), problems));
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

  /** Which fields are there: those of a preference, or those of a tie. */
  private static void checkKind(int i, @Nullable LabelRequest label, List<FieldProblem> problems) {
    if (label == null) {
      return;
    }
    String at = "labels[%d].".formatted(i);
    boolean tie = isTie(label);
    String inTie = "must be absent: a tie has responses";
    checkPresence(at + "chosen", label.chosen(), !tie, inTie, problems);
    checkPresence(at + "rejected", label.rejected(), !tie, inTie, problems);
    checkPresence(
        at + "responses",
        label.responses(),
        tie,
        "must be absent: only a label with \"tie\": true has responses",
        problems);
  }

  private static void checkPresence(
      String field,
      @Nullable Object value,
      boolean required,
      String surplus,
      List<FieldProblem> problems) {
    if (required && value == null) {
      problems.add(new FieldProblem(field, "must not be null"));
    } else if (!required && value != null) {
      problems.add(new FieldProblem(field, surplus));
    }
  }

  private static boolean isTie(LabelRequest label) {
    return Boolean.TRUE.equals(label.tie());
  }

  private static void checkContent(int i, LabelRequest label, List<FieldProblem> problems) {
    String at = "labels[%d].".formatted(i);
    TextChecks.prompt(at + "prompt", requireNonNull(label.prompt()).text(), problems);
    boolean tie = isTie(label);
    String firstAt = at + (tie ? "responses[0]" : "chosen");
    String secondAt = at + (tie ? "responses[1]" : "rejected");
    TextChecks.storable(firstAt, first(label), problems);
    TextChecks.storable(secondAt, second(label), problems);
    if (first(label).equals(second(label))) {
      problems.add(
          new FieldProblem(secondAt, "must differ from " + (tie ? "the other" : "chosen")));
    }
    float strength = strength(label);
    if (!(strength > 0 && strength <= 1)) {
      problems.add(new FieldProblem(at + "strength", "must be greater than 0 and at most 1"));
    }
  }

  private static String first(LabelRequest label) {
    return requireNonNull(isTie(label) ? requireNonNull(label.responses()).get(0) : label.chosen());
  }

  private static String second(LabelRequest label) {
    return requireNonNull(
        isTie(label) ? requireNonNull(label.responses()).get(1) : label.rejected());
  }

  private static float strength(LabelRequest label) {
    @Nullable Double strength = label.strength();
    return strength == null ? 1f : strength.floatValue();
  }

  private static NewLabel newLabel(int i, LabelRequest label) {
    String prompt = requireNonNull(label.prompt()).text();
    return isTie(label)
        ? NewLabel.tie(i, label.id(), prompt, first(label), second(label), strength(label))
        : NewLabel.of(i, label.id(), prompt, first(label), second(label), strength(label));
  }
}
