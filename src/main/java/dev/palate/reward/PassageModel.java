package dev.palate.reward;

import java.util.List;

/** A model that can be asked for a part of what an item needs. */
interface PassageModel extends RewardModel {

  /** Reads all passages, admitted whole or refused whole; blocks as {@link #score} does. */
  PassageReading read(List<Passage> passages, ScoreOptions options);
}
