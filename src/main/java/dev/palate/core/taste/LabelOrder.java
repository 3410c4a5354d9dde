package dev.palate.core.taste;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Labels by their content, whatever order they came in. One sort of primitive keys (first margin
 * above, place in the list below) settles nearly all; labels of equal first margins are told apart
 * by {@link LabelMargin#CANONICAL_ORDER}. A tie takes two places, one for each of its half labels.
 */
final class LabelOrder {

  private long[] keys = {};
  private List<LabelMargin> sorted = List.of();
  private int given;
  private int[] tiePlaces = {};

  /**
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  void sort(List<LabelMargin> list, int k) {
    List<LabelMargin> labels = halved(list, k);
    sorted = labels;
    int n = labels.size();
    if (keys.length < n) {
      keys = new long[Math.max(n, 2 * keys.length)];
    }
    for (int i = 0; i < n; i++) {
      LabelMargin label = labels.get(i);
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

  /** How many places are taken. */
  int size() {
    return sorted.size();
  }

  /** The label, or half label of a tie, that comes i-th. */
  LabelMargin label(int i) {
    return sorted.get((int) keys[i]);
  }

  /** The place in the given list of the label that comes i-th. */
  int place(int i) {
    int at = (int) keys[i];
    return at < given ? at : tiePlaces[at - given];
  }

  /** Each tie replaced by one half label; the other halves follow at the end. */
  private List<LabelMargin> halved(List<LabelMargin> labels, int k) {
    given = labels.size();
    int ties = 0;
    for (LabelMargin label : labels) {
      label.requireValid(k);
      ties += label.tie() ? 1 : 0;
    }
    if (ties == 0) {
      return labels;
    }
    List<LabelMargin> halved = new ArrayList<>(labels);
    tiePlaces = new int[ties];
    for (int i = 0; i < given; i++) {
      LabelMargin label = labels.get(i);
      if (label.tie()) {
        halved.set(i, label.half(false));
        tiePlaces[halved.size() - given] = i;
        halved.add(label.half(true));
      }
    }
    return halved;
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
