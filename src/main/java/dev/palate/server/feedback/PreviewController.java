package dev.palate.server.feedback;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.runtime.LiveModel;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.SolverVersion;
import dev.palate.core.taste.UserPosterior;
import dev.palate.server.adaptation.MarginScorer;
import dev.palate.server.adaptation.ScoredOnce;
import dev.palate.server.adaptation.Solving;
import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.store.NewLabel;
import dev.palate.server.store.UserId;
import dev.palate.server.store.UserMemory;
import dev.palate.server.weights.ExpertWeightsView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** What labels would do to a user's weights; they are scored and solved, and forgotten. */
@RestController
@Tag(name = "Expert weights")
class PreviewController {

  private final LabelRules rules;
  private final UserMemory memory;
  private final MarginScorer scorer;
  private final Solving solving;
  private final LiveModel model;

  PreviewController(
      LabelRules rules, UserMemory memory, MarginScorer scorer, Solving solving, LiveModel model) {
    this.rules = rules;
    this.memory = memory;
    this.scorer = scorer;
    this.solving = solving;
    this.model = model;
  }

  @Operation(
      operationId = "previewExpertWeights",
      summary = "The weights that labels would give; nothing is stored")
  @Needs(Scope.FEEDBACK)
  @PostMapping("/users/{id}/expert-weights/preview")
  PreviewAnswer preview(@PathVariable String id, @RequestBody FeedbackRequest request) {
    UserId user = new UserId(id);
    List<NewLabel> fresh = memory.fresh(user, rules.check(request));
    RewardModel live = model.current();
    Bundle bundle = live.bundle();
    scorer.requireScored(user, live);
    List<LabelMargin> labels = new ArrayList<>(memory.margins(user, bundle.version()));
    labels.addAll(score(live, fresh));
    UserPosterior taste = solving.solve(bundle, labels);
    return new PreviewAnswer(
        user,
        bundle.name(),
        bundle.version(),
        SolverVersion.CURRENT,
        labels.size(),
        Double.isNaN(taste.agreement()) ? null : taste.agreement(),
        ExpertWeightsView.experts(bundle, taste.shift(), taste.uncertainty(), taste.significant()));
  }

  private static List<LabelMargin> score(RewardModel live, List<NewLabel> labels) {
    List<LabelMargin> margins =
        ScoredOnce.margins(
            live,
            labels.stream()
                .map(l -> new ScoreItem(new Prompt(l.prompt()), List.of(l.chosen(), l.rejected())))
                .toList());
    return IntStream.range(0, margins.size())
        .mapToObj(i ->
            new LabelMargin(
                margins.get(i).margins(),
                margins.get(i).routing(),
                labels.get(i).strength(),
                labels.get(i).tie()))
        .toList();
  }
}
