package dev.palate.server.comparisons;

import static java.util.Objects.requireNonNull;

import dev.palate.server.comparisons.ComparisonsRequest.ComparisonRequest;
import dev.palate.server.store.TextChecks;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import dev.palate.server.web.ProblemException.FieldProblem;
import jakarta.validation.Validator;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/** Comparisons are checked whole before any is stored; one answer names all that is wrong. */
@Component
public class ComparisonRules {

  private final Validator validator;

  ComparisonRules(Validator validator) {
    this.validator = validator;
  }

  /**
   * @throws ProblemException INVALID_REQUEST with one entry per field that is not as described
   */
  public List<NewComparison> check(ComparisonsRequest request) {
    List<FieldProblem> problems = TextChecks.violations(validator, request);
    List<ComparisonRequest> comparisons =
        request.comparisons() == null ? List.of() : request.comparisons();
    if (problems.isEmpty()) {
      IntStream.range(0, comparisons.size())
          .forEach(i -> checkContent(i, comparisons.get(i), problems));
    }
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparing(FieldProblem::field));
      throw new ProblemException(
          ErrorCode.INVALID_REQUEST, "Nothing was stored; correct the fields below", problems);
    }
    return IntStream.range(0, comparisons.size())
        .mapToObj(i -> newComparison(i, comparisons.get(i)))
        .toList();
  }

  private static void checkContent(
      int i, ComparisonRequest comparison, List<FieldProblem> problems) {
    String at = "comparisons[%d].".formatted(i);
    String prompt = requireNonNull(comparison.prompt()).text();
    List<String> responses = requireNonNull(comparison.responses());
    TextChecks.prompt(at + "prompt", prompt, problems);
    TextChecks.storable(at + "responses[0]", responses.get(0), problems);
    TextChecks.storable(at + "responses[1]", responses.get(1), problems);
    if (responses.get(0).equals(responses.get(1))) {
      problems.add(new FieldProblem(at + "responses", "must differ"));
    }
  }

  private static NewComparison newComparison(int i, ComparisonRequest comparison) {
    List<String> responses = requireNonNull(comparison.responses());
    return NewComparison.of(
        i,
        comparison.id(),
        requireNonNull(comparison.prompt()).text(),
        responses.get(0),
        responses.get(1));
  }
}
