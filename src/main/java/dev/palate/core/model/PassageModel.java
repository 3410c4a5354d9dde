package dev.palate.core.model;

import java.util.List;

/** A model that can be asked for a part of what an item needs. */
public interface PassageModel extends RewardModel {

  /** Reads all passages, admitted whole or refused whole; blocks as {@link #score} does. */
  PassageReading read(List<Passage> passages, ScoreOptions options);

  @Override
  default ScoreResult score(List<ScoreItem> items, ScoreOptions options) {
    if (items.isEmpty()) {
      throw new IllegalArgumentException("'items' must not be empty");
    }
    PassageScores scores =
        new PassageScores(
            items, bundle().encoder().maxPromptTokens(), placement().maxTokens());
    return switch (read(Passage.of(items, bundle()), options)) {
      case PassageReading.Read read ->
          scores.assemble(read.scores(), options, read.timings(), CacheUse.MISS);
      case PassageReading.TooLong(int passage, int tokens) -> scores.tooLong(passage, tokens);
      case PassageReading.Refused(ScoreResult why) -> why;
    };
  }
}
