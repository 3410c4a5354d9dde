package dev.palate.server.adaptation;

import dev.palate.core.model.PromptScores;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.taste.LabelMargin;
import dev.palate.server.web.ErrorCode;
import dev.palate.server.web.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Margins of pairs that are asked about now and stored nowhere. */
public final class ScoredOnce {

  private ScoredOnce() {}

  /**
   * @param pairs each of two responses
   * @return the first response's rewards less the second's, each of strength 1, in their order
   * @throws ProblemException where the model has no room, is away, or has no finite score for one
   */
  public static List<LabelMargin> margins(RewardModel live, List<ScoreItem> pairs) {
    if (pairs.isEmpty()) {
      return List.of();
    }
    return switch (live.score(pairs, ScoreOptions.DEFAULT)) {
      case ScoreResult.Scored scored -> margins(scored.items());
      case ScoreResult.Overloaded(Duration retryAfter) -> throw full(retryAfter);
      case ScoreResult.Unavailable(Duration retryAfter) ->
          throw new ProblemException(
              ErrorCode.ENCODER_UNAVAILABLE,
              "Send the request again after the Retry-After header",
              retryAfter);
      case ScoreResult.NotFinite notFinite -> throw notFinite();
      case ScoreResult.DeadlineExceeded exceeded ->
          throw new ProblemException(ErrorCode.DEADLINE_EXCEEDED, "Send the request again");
      case ScoreResult.TooLong tooLong ->
          throw new IllegalStateException("Refused though truncation was allowed: " + tooLong);
    };
  }

  private static List<LabelMargin> margins(List<PromptScores> scores) {
    List<LabelMargin> margins = new ArrayList<>(scores.size());
    for (PromptScores pair : scores) {
      float[] margin = Margins.of(pair);
      if (!Margins.finite(margin)) {
        throw notFinite();
      }
      margins.add(new LabelMargin(margin, pair.routing(), 1));
    }
    return margins;
  }

  /** The answer while the model has no room. */
  public static ProblemException full(Duration retryAfter) {
    return new ProblemException(
        ErrorCode.OVERLOADED, "Send the request again after the Retry-After header", retryAfter);
  }

  private static ProblemException notFinite() {
    return new ProblemException(
        ErrorCode.MODEL_OUTPUT_NOT_FINITE, "One of the pairs' texts has no finite score");
  }
}
