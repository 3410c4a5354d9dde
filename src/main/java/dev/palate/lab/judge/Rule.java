package dev.palate.lab.judge;

/**
 * A way to order two responses for a user, ours or a baseline. Pairs are named by their index in
 * the {@link Material} the rule was fitted on. Safe for concurrent use.
 */
public interface Rule {

  /** As tables and legends show it. */
  String name();

  /** Whether a user's labels change anything. */
  boolean adapts();

  /** The margin of a pair for a user of whom nothing is known: positive, the chosen one wins. */
  double unadapted(int pair);

  /**
   * @param shown pairs the user has labelled; none gives the rule's own start
   */
  Adapted adapt(int[] shown);

  /** Whether the rule has anything to say of a pair. */
  default boolean covers(int pair) {
    return true;
  }

  /** A rule that knows a user's labels. */
  @FunctionalInterface
  interface Adapted {
    double margin(int pair);
  }
}
