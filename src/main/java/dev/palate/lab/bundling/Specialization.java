package dev.palate.lab.bundling;

import dev.palate.lab.data.Domains;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.encode.PairScores;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Where each expert is used and what it gets right there (MODEL.md, Diagnostics 3). K experts, D
 * domains; all figures are over pairs, an equal margin is half right.
 *
 * @param domains D names, in their order
 * @param pairs {@code int[D]}: how many pairs a domain has
 * @param routing {@code double[K][D]}: mean routing weight of an expert in a domain
 * @param accuracy {@code double[K][D]}: share of a domain's pairs that an expert alone orders as
 *     labelled
 * @param selectivity {@code double[K]}: an expert's accuracy in its best domain less the mean of
 *     the other domains; NaN if there is one domain only
 */
public record Specialization(
    List<String> domains,
    int[] pairs,
    double[][] routing,
    double[][] accuracy,
    double[] selectivity) {

  public Specialization {
    domains = List.copyOf(domains);
  }

  /**
   * Measures the experts.
   *
   * @param pairs at least one
   * @param scores of these pairs
   * @param leastPairs contexts with fewer pairs are one domain with the rest of their data set
   */
  public static Specialization of(List<PreferencePair> pairs, PairScores scores, int leastPairs) {
    int k = scores.routing()[0].length;
    Map<String, Tally> tallies = new TreeMap<>();
    Domains names = Domains.of(pairs, leastPairs);
    for (int i = 0; i < pairs.size(); i++) {
      tallies
          .computeIfAbsent(names.of(pairs.get(i)), d -> new Tally(k))
          .add(scores.routing()[i], scores.margins()[i]);
    }
    List<Tally> columns = List.copyOf(tallies.values());
    double[][] accuracy = matrix(k, columns, (tally, e) -> tally.right[e] / tally.pairs);
    return new Specialization(
        List.copyOf(tallies.keySet()),
        columns.stream().mapToInt(tally -> tally.pairs).toArray(),
        matrix(k, columns, (tally, e) -> tally.routing[e] / tally.pairs),
        accuracy,
        IntStream.range(0, k).mapToDouble(e -> selectivity(accuracy[e])).toArray());
  }

  private interface Cell {
    double of(Tally tally, int expert);
  }

  private static double[][] matrix(int k, List<Tally> columns, Cell cell) {
    double[][] matrix = new double[k][columns.size()];
    for (int e = 0; e < k; e++) {
      for (int d = 0; d < columns.size(); d++) {
        matrix[e][d] = cell.of(columns.get(d), e);
      }
    }
    return matrix;
  }

  private static final class Tally {
    private final double[] routing;
    private final double[] right;
    private int pairs;

    Tally(int k) {
      routing = new double[k];
      right = new double[k];
    }

    void add(float[] weights, float[] margins) {
      for (int e = 0; e < routing.length; e++) {
        routing[e] += weights[e];
        right[e] += Quality.right(margins[e]);
      }
      pairs++;
    }
  }

  private static double selectivity(double[] accuracy) {
    double best = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (double one : accuracy) {
      best = Math.max(best, one);
      sum += one;
    }
    return best - (sum - best) / (accuracy.length - 1);
  }
}
