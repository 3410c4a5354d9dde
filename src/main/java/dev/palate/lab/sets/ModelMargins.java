package dev.palate.lab.sets;

import dev.palate.core.model.Prompt;
import dev.palate.core.model.PromptScores;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.taste.LabelMargin;
import java.util.ArrayList;
import java.util.List;

/** Margins by a loaded model. */
final class ModelMargins implements MarginSource {

  /** Pairs in one call: their tokens fit the model's queue at any length. */
  private static final int PAIRS = 16;

  private final RewardModel model;

  ModelMargins(RewardModel model) {
    this.model = model;
  }

  @Override
  public List<LabelMargin> of(List<TextPair> pairs) {
    List<LabelMargin> margins = new ArrayList<>();
    for (int from = 0; from < pairs.size(); from += PAIRS) {
      score(pairs.subList(from, Math.min(from + PAIRS, pairs.size()))).stream()
          .map(ModelMargins::margin)
          .forEach(margins::add);
    }
    return margins;
  }

  private List<PromptScores> score(List<TextPair> pairs) {
    ScoreResult result =
        model.score(
            pairs.stream()
                .map(pair ->
                    new ScoreItem(Prompt.of(pair.messages()), List.of(pair.first(), pair.second())))
                .toList(),
            ScoreOptions.DEFAULT);
    if (result instanceof ScoreResult.Scored scored) {
      return scored.items();
    }
    throw new TargetException("The model did not score the set: " + result);
  }

  private static LabelMargin margin(PromptScores scores) {
    float[] first = scores.responses().getFirst().rewards();
    float[] second = scores.responses().getLast().rewards();
    float[] margins = new float[first.length];
    for (int k = 0; k < margins.length; k++) {
      margins[k] = first[k] - second[k];
    }
    return new LabelMargin(margins, scores.routing(), 1);
  }

  @Override
  public void close() {
    model.close();
  }
}
