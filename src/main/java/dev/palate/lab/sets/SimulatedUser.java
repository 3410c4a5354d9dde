package dev.palate.lab.sets;

import java.util.List;

/** A made user: gives labels, and compares responses by what was learned from them. */
interface SimulatedUser extends PairScorer, AutoCloseable {

  /** Adds labels to those already given. */
  void learn(List<Label> labels);

  /** How many experts have a significant shift. */
  int significantExperts();

  /** Erases the user. */
  @Override
  void close();

  /**
   * @param firstPreferred whether the pair's first response is the chosen one
   */
  record Label(TextPair pair, boolean firstPreferred) {}
}
