package dev.palate.core.taste;

import java.util.Arrays;
import java.util.List;

/**
 * Labels by their content, whatever order they came in. One sort of primitive keys (first margin
 * above, place in the list below) settles nearly all; labels of equal first margins are told apart
 * by {@link LabelMargin#CANONICAL_ORDER}.
 */
final class LabelOrder {

  private long[] keys = {};

  /**
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  void sort(List<LabelMargin> labels, int k) {
    int n = labels.size();
    if (keys.length < n) {
      keys = new long[Math.max(n, 2 * keys.length)];
    }
    for (int i = 0; i < n; i++) {
      LabelMargin label = labels.get(i);
      label.requireValid(k);
      keys[i] = (long) ascending(label.margins()[0]) << 32 | i;
    }
    Arrays.sort(keys, 0, n);
    for (int i = 1; i < n; i++) {
      if (keys[i] >> 32 == keys[i - 1] >> 32) {
        int from = i - 1;
        while (i < n && keys[i] >> 32 == keys[from] >> 32) {
          i++;
        }
        sortEqual(labels, from, i);
      }
    }
  }

  /** The place in the list of the label that comes i-th. */
  int at(int i) {
    return (int) keys[i];
  }

  /** An int that grows with the float, in the order of {@link Float#compare}. */
  private static int ascending(float value) {
    int bits = Float.floatToRawIntBits(value);
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }

  private void sortEqual(List<LabelMargin> labels, int from, int to) {
    Long[] tied = new Long[to - from];
    for (int i = from; i < to; i++) {
      tied[i - from] = keys[i];
    }
    Arrays.sort(
        tied,
        (a, b) ->
            LabelMargin.CANONICAL_ORDER.compare(
                labels.get(a.intValue()), labels.get(b.intValue())));
    for (int i = from; i < to; i++) {
      keys[i] = tied[i - from];
    }
  }
}
