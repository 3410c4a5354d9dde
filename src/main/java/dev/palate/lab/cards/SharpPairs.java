package dev.palate.lab.cards;

import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The pairs that show best what an expert judges. A text may stand in a few of them only: data sets
 * in which one text meets many others would otherwise show that text and nothing else.
 */
final class SharpPairs {

  private final List<PreferencePair> pairs;
  private final PairScores scores;

  SharpPairs(List<PreferencePair> pairs, PairScores scores) {
    this.pairs = pairs;
    this.scores = scores;
  }

  /** The contribution contrast {@code w_k (r_k(y+) - r_k(y-))} of a pair. */
  double contrast(int pair, int expert) {
    return (double) scores.routing()[pair][expert] * scores.margins()[pair][expert];
  }

  /**
   * Indices of pairs in which the expert speaks loudest for the chosen response, the loudest first.
   *
   * @param uses in how many of them a text may stand
   */
  int[] agreeing(int expert, int limit, int uses) {
    return loudest(i -> contrast(i, expert), limit, uses, Set.of());
  }

  /**
   * The same, whichever response the expert speaks for.
   *
   * @param without texts that may stand in none of them
   */
  int[] either(int expert, int limit, int uses, Set<String> without) {
    return loudest(i -> Math.abs(contrast(i, expert)), limit, uses, without);
  }

  private int[] loudest(IntToDoubleFunction loudness, int limit, int uses, Set<String> without) {
    double[] loud = IntStream.range(0, pairs.size()).mapToDouble(loudness).toArray();
    List<Integer> order =
        IntStream.range(0, loud.length)
            .filter(i -> loud[i] > 0)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -loud[i]))
            .toList();
    Map<String, Integer> used = new HashMap<>();
    without.forEach(text -> used.put(text, uses));
    List<Integer> found = new ArrayList<>();
    for (int i : order) {
      String chosen = pairs.get(i).chosen();
      String rejected = pairs.get(i).rejected();
      if (used.getOrDefault(chosen, 0) < uses && used.getOrDefault(rejected, 0) < uses) {
        used.merge(chosen, 1, Integer::sum);
        used.merge(rejected, 1, Integer::sum);
        found.add(i);
      }
      if (found.size() == limit) {
        break;
      }
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }
}
