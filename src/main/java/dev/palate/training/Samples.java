package dev.palate.training;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A part of large data, spread evenly over it, the same in every run. */
final class Samples {

  private Samples() {}

  /** At most {@code limit} of the items, in their order. */
  static <T> List<T> spread(List<T> items, int limit) {
    int n = Math.min(limit, items.size());
    return IntStream.range(0, n)
        .mapToObj(i -> items.get((int) ((long) i * items.size() / n)))
        .toList();
  }

  /** The responses of the pairs, each once. */
  static Set<String> texts(List<PreferencePair> pairs) {
    Set<String> texts = new LinkedHashSet<>();
    for (PreferencePair pair : pairs) {
      texts.add(pair.chosen());
      texts.add(pair.rejected());
    }
    return texts;
  }
}
