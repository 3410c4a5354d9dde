package dev.palate.server.comparisons;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.runtime.LiveModel;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.NextComparisons;
import dev.palate.server.adaptation.MarginScorer;
import dev.palate.server.adaptation.ScoredOnce;
import dev.palate.server.adaptation.Solving;
import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.store.UserId;
import dev.palate.server.store.UserMemory;
import dev.palate.server.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Pairs that a user may be asked about, and which of them to ask about next. */
@RestController
@Tag(name = "Comparisons", description = "What to ask a user next")
@RequestMapping("/users/{id}")
class ComparisonController {

  private static final String DEFAULT_LIMIT = "10";

  private final ComparisonRules rules;
  private final Comparisons comparisons;
  private final UserMemory memory;
  private final MarginScorer scorer;
  private final Solving solving;
  private final LiveModel model;

  ComparisonController(
      ComparisonRules rules,
      Comparisons comparisons,
      UserMemory memory,
      MarginScorer scorer,
      Solving solving,
      LiveModel model) {
    this.rules = rules;
    this.comparisons = comparisons;
    this.memory = memory;
    this.scorer = scorer;
    this.solving = solving;
    this.model = model;
  }

  /** They are scored at once, so that asking need not wait; a model that is full does it later. */
  @Operation(
      operationId = "comparisons",
      summary = "Take pairs that the user may be asked about",
      description =
          "Kept until the user labels them (feedback with the same prompt and responses), or until"
              + " they are deleted. A pair that is there already, in either order, is a duplicate;"
              + " an id sent again for another pair is refused (409), and so are more comparisons"
              + " than a user may have.")
  @Needs(Scope.FEEDBACK)
  @PostMapping("/comparisons")
  ComparisonsReceipt take(@PathVariable String id, @RequestBody ComparisonsRequest request) {
    UserId user = new UserId(id);
    ComparisonsReceipt receipt = comparisons.take(user, rules.check(request));
    score(user, model.current());
    return receipt;
  }

  @Operation(
      operationId = "nextComparisons",
      summary = "What to ask the user next",
      description =
          "The comparisons whose labels would teach most about the user, the most informative first,"
              + " chosen one after another as if those before were labelled. Those without finite"
              + " scores are left out.")
  @Needs(Scope.READ)
  @GetMapping("/next-comparisons")
  NextComparisonsAnswer next(
      @PathVariable String id, @RequestParam(defaultValue = DEFAULT_LIMIT) int limit) {
    UserId user = new UserId(id);
    int most = Page.of(limit, null).limit();
    RewardModel live = model.current();
    Bundle bundle = live.bundle();
    scorer
        .scoreMissing(user, live)
        .or(() -> score(user, live))
        .ifPresent(retryAfter -> {
          throw ScoredOnce.full(retryAfter);
        });
    List<LabelMargin> labels = memory.margins(user, bundle.version());
    List<StoredComparison> scored = comparisons.scored(user, bundle.version());
    List<NextComparisons.Choice> choices =
        solving.choose(
            bundle, labels, scored.stream().map(StoredComparison::margin).toList(), most);
    return new NextComparisonsAnswer(
        user,
        bundle.name(),
        bundle.version(),
        labels.size(),
        scored.size(),
        entries(choices, scored));
  }

  @Operation(
      operationId = "previewComparisons",
      summary = "Which of these pairs to ask the user about; nothing is stored",
      description =
          "As next-comparisons, from the pairs of the request alone, whether they are labelled or not.")
  @Needs(Scope.FEEDBACK)
  @PostMapping("/comparisons/preview")
  NextComparisonsAnswer preview(
      @PathVariable String id,
      @RequestBody ComparisonsRequest request,
      @RequestParam(defaultValue = DEFAULT_LIMIT) int limit) {
    UserId user = new UserId(id);
    int most = Page.of(limit, null).limit();
    List<NewComparison> given = rules.check(request);
    RewardModel live = model.current();
    Bundle bundle = live.bundle();
    scorer.requireScored(user, live);
    List<LabelMargin> labels = memory.margins(user, bundle.version());
    List<LabelMargin> pairs =
        ScoredOnce.margins(
            live,
            given.stream()
                .map(c -> new ScoreItem(new Prompt(c.prompt()), List.of(c.first(), c.second())))
                .toList());
    return new NextComparisonsAnswer(
        user,
        bundle.name(),
        bundle.version(),
        labels.size(),
        given.size(),
        solving.choose(bundle, labels, pairs, most).stream()
            .map(choice -> entry(given.get(choice.index()), choice))
            .toList());
  }

  private static NextComparisonsAnswer.Entry entry(
      NewComparison comparison, NextComparisons.Choice choice) {
    return new NextComparisonsAnswer.Entry(
        comparison.comparisonId(),
        comparison.prompt(),
        List.of(comparison.first(), comparison.second()),
        choice.nats(),
        choice.probability());
  }

  private List<NextComparisonsAnswer.Entry> entries(
      List<NextComparisons.Choice> choices, List<StoredComparison> scored) {
    List<Long> rows = choices.stream().map(c -> scored.get(c.index()).comparison()).toList();
    Map<Long, StoredComparison.Texts> texts =
        comparisons.texts(rows).stream()
            .collect(Collectors.toMap(StoredComparison.Texts::comparison, Function.identity()));
    List<NextComparisonsAnswer.Entry> entries = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      StoredComparison.Texts text = texts.get(rows.get(i));
      // Labelled or deleted since it was chosen
      if (text != null) {
        entries.add(
            new NextComparisonsAnswer.Entry(
                text.id(),
                text.prompt(),
                List.of(text.first(), text.second()),
                choices.get(i).nats(),
                choices.get(i).probability()));
      }
    }
    return entries;
  }

  private Optional<Duration> score(UserId user, RewardModel live) {
    String version = live.bundle().version();
    return scorer.scoreMissing(
        limit -> comparisons.unscored(user, version, limit), comparisons::saveMargins, live);
  }

  @Operation(operationId = "deleteComparison", summary = "Take one comparison back")
  @Needs(Scope.FEEDBACK)
  @DeleteMapping("/comparisons/{comparison_id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String id, @PathVariable("comparison_id") String comparisonId) {
    comparisons.delete(new UserId(id), comparisonId);
  }

  @Operation(operationId = "deleteComparisons", summary = "Take all of a user's comparisons back")
  @Needs(Scope.FEEDBACK)
  @DeleteMapping("/comparisons")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void deleteAll(@PathVariable String id) {
    comparisons.deleteAll(new UserId(id));
  }
}
