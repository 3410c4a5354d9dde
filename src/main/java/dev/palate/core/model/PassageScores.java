package dev.palate.core.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Scores of single passages, put together to those of the items they were taken from. */
public final class PassageScores {
  private final List<ScoreItem> items;
  private final int promptLimit;
  private final int limit;

  /**
   * @param promptLimit the model's for prompts, in tokens
   * @param limit its limit for responses, in tokens
   */
  public PassageScores(List<ScoreItem> items, int promptLimit, int limit) {
    this.items = items;
    this.promptLimit = promptLimit;
    this.limit = limit;
  }

  /**
   * @param scores in the order of {@link Passage#of}
   */
  public ScoreResult assemble(
      List<PassageScore> scores, ScoreOptions options, ScoreTimings timings, CacheUse cache) {
    if (!options.truncate()) {
      ScoreResult tooLong = tooLong(scores);
      if (tooLong != null) {
        return tooLong;
      }
    }
    List<PromptScores> assembled = new ArrayList<>(items.size());
    int next = 0;
    for (int i = 0; i < items.size(); i++) {
      PassageScore prompt = scores.get(next++);
      boolean finite = prompt.finite();
      int count = items.get(i).responses().size();
      List<ResponseScores> responses = new ArrayList<>(count);
      for (int j = 0; j < count; j++) {
        PassageScore response = scores.get(next++);
        finite &= response.finite();
        responses.add(
            new ResponseScores(response.values(), response.tokens(), response.truncated()));
      }
      if (!finite) {
        return new ScoreResult.NotFinite(i);
      }
      assembled.add(
          new PromptScores(prompt.values(), prompt.tokens(), prompt.truncated(), responses));
    }
    return new ScoreResult.Scored(assembled, timings, cache);
  }

  /**
   * The refusal of the first passage that was truncated; null where none was.
   *
   * @param scores null where a passage is not read yet
   */
  public @Nullable ScoreResult tooLong(List<? extends @Nullable PassageScore> scores) {
    for (int passage = 0; passage < scores.size(); passage++) {
      PassageScore score = scores.get(passage);
      if (score != null && score.truncated()) {
        return tooLong(passage, score.tokens());
      }
    }
    return null;
  }

  public ScoreResult tooLong(int passage, int tokens) {
    int item = 0;
    int first = 0;
    while (passage > first + items.get(item).responses().size()) {
      first += items.get(item).responses().size() + 1;
      item++;
    }
    int response = passage - first - 1;
    return new ScoreResult.TooLong(item, response, tokens, response < 0 ? promptLimit : limit);
  }
}
