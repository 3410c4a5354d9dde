package dev.palate.server.weights;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.runtime.LiveModel;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.TasteSolver;
import dev.palate.server.adaptation.Solving;
import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.store.LabelledMargin;
import dev.palate.server.store.StoredLabel;
import dev.palate.server.store.UserId;
import dev.palate.server.store.UserMemory;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import dev.palate.server.web.ProblemException.FieldProblem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Which of a user's labels moved which expert; solved from the stored margins, and forgotten. */
@RestController
@Tag(name = "Expert weights")
class InfluenceController {

  private static final int MOST = 20;

  /** A smaller pull is a difference of two solves' rounding. */
  private static final double ROUNDING = 1e-12;

  private final UserMemory memory;
  private final Solving solving;
  private final LiveModel model;

  InfluenceController(UserMemory memory, Solving solving, LiveModel model) {
    this.memory = memory;
    this.solving = solving;
    this.model = model;
  }

  @Operation(
      operationId = "labelInfluence",
      summary = "The labels that pulled each expert's shift most",
      description =
          "How much less an expert's shift would be without the label, the user's own scale weighed"
              + " anew: exact for up to 32 labels, by one Newton step for each scale for more. Labels"
              + " that the live model has not scored yet are left out.")
  @Needs(Scope.READ)
  @GetMapping("/users/{id}/influence")
  InfluenceAnswer influence(
      @PathVariable String id,
      @Parameter(
              description = "Labels at most for each expert",
              schema = @Schema(type = "integer", minimum = "1", maximum = "20", defaultValue = "3"))
          @RequestParam(defaultValue = "3")
          int limit) {
    UserId user = new UserId(id);
    if (limit < 1 || limit > MOST) {
      throw new ProblemException(
          ErrorCode.INVALID_REQUEST,
          "So many labels cannot be given for each expert",
          List.of(new FieldProblem("limit", "must be between 1 and " + MOST)));
    }
    Bundle bundle = model.current().bundle();
    List<LabelledMargin> labels = memory.labelledMargins(user, bundle.version());
    List<LabelMargin> margins = labels.stream().map(LabelledMargin::margin).toList();
    TasteSolver.Influence influence = solving.influence(bundle, margins);
    double[] shift = influence.shift();
    double[][] pulls = influence.pulls();
    List<List<Integer>> strongest =
        IntStream.range(0, shift.length).mapToObj(k -> strongest(pulls, k, limit)).toList();
    Set<Long> named = new TreeSet<>();
    strongest.forEach(some -> some.forEach(i -> named.add(labels.get(i).label())));
    Map<Long, StoredLabel> texts = memory.labels(user, named);
    double[] mean = bundle.prior().mean();
    return new InfluenceAnswer(
        user,
        bundle.name(),
        bundle.version(),
        labels.size(),
        largest(shift.length, k -> Math.abs(shift[k] - mean[k]))
            .map(k ->
                new InfluenceAnswer.Expert(
                    k,
                    bundle.experts().get(k).name(),
                    shift[k],
                    // one that was taken back meanwhile has no id any more
                    strongest.get(k).stream()
                        .flatMap(i -> pull(texts.get(labels.get(i).label()), pulls[i][k]))
                        .toList()))
            .toList(),
        named.stream().map(texts::get).filter(Objects::nonNull).toList());
  }

  private static Stream<InfluenceAnswer.Pull> pull(@Nullable StoredLabel label, double pull) {
    return label == null ? Stream.of() : Stream.of(new InfluenceAnswer.Pull(label.id(), pull));
  }

  /** Places of the labels that pull this expert most; those that do not pull it are left out. */
  private static List<Integer> strongest(double[][] pulls, int expert, int limit) {
    return largest(pulls.length, i -> Math.abs(pulls[i][expert]))
        .limit(limit)
        .filter(i -> Math.abs(pulls[i][expert]) > ROUNDING)
        .toList();
  }

  private static Stream<Integer> largest(int count, IntToDoubleFunction size) {
    return IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> size.applyAsDouble(i)).reversed());
  }
}
