package dev.palate.lab.sets;

import java.util.List;

/** Compares the two responses of pairs. */
@FunctionalInterface
interface PairScorer {

  /** The reward of the first response less that of the second, one margin a pair. */
  double[] margins(List<TextPair> pairs);
}
