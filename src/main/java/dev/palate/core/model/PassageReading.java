package dev.palate.core.model;

import java.util.List;

/** What became of a list of {@link Passage}s: all read, or none. */
public sealed interface PassageReading {

  /** One score per passage, in order. */
  record Read(List<PassageScore> scores, ScoreTimings timings) implements PassageReading {}

  /** Truncation was forbidden and this passage, the first of such, is over the limit. */
  record TooLong(int passage, int tokens) implements PassageReading {}

  /**
   * @param why overloaded, unavailable, or past the deadline
   */
  record Refused(ScoreResult why) implements PassageReading {}
}
