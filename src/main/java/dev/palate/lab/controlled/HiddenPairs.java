package dev.palate.lab.controlled;

import dev.palate.lab.encode.EncodedPairs;

/**
 * Labelled pairs and what the model is not told of them.
 *
 * @param pairs as training reads them
 * @param group {@code int[n]}: the group of each pair's prompt
 * @param truth {@code boolean[n]}: the label is not one of the wrong ones
 */
record HiddenPairs(EncodedPairs pairs, int[] group, boolean[] truth) {

  int size() {
    return group.length;
  }

  /** Share of labels that are true: no ranking can agree with more of them but by luck. */
  double ceiling() {
    int right = 0;
    for (boolean isTrue : truth) {
      right += isTrue ? 1 : 0;
    }
    return (double) right / truth.length;
  }
}
