package dev.palate.lab.evaluate;

import dev.palate.core.taste.RoutingWeights;
import dev.palate.lab.bundling.Specialization;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.encode.PairScores;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Sparsity, balance and specialization of a model's experts on data (MODEL.md, Diagnostics 2 and
 * 3). K experts, D domains; all figures are over pairs, an equal margin is half right.
 *
 * @param experts K names
 * @param domains D names, in their order
 * @param pairs {@code int[D]}: how many pairs a domain has
 * @param routing {@code double[K][D]}: mean routing weight of an expert in a domain
 * @param accuracy {@code double[K][D]}: share of a domain's pairs that an expert alone orders as
 *     labelled
 * @param selectivity {@code double[K]}: an expert's accuracy in its best domain less the mean of
 *     the other domains; NaN if there is one domain only
 * @param correlation {@code double[K][K]}: of the experts' margins; 0 with an expert whose margins
 *     are all the same
 * @param usage {@code double[K]}: mean routing weight
 * @param effectiveExperts exp(mean H(w)), between 1 and K: how many experts a pair is shared among
 * @param dead experts whose usage is below 0.2/K
 * @param topM m, how many routing weights are kept when serving
 * @param servedAccuracy accuracy of the mixture with the m largest weights
 * @param denseAccuracy accuracy of the mixture with all weights
 */
public record ExpertDiagnostics(
    List<String> experts,
    List<String> domains,
    int[] pairs,
    double[][] routing,
    double[][] accuracy,
    double[] selectivity,
    double[][] correlation,
    double[] usage,
    double effectiveExperts,
    List<Integer> dead,
    int topM,
    double servedAccuracy,
    double denseAccuracy) {

  private static final double DEAD = 0.2;

  public ExpertDiagnostics {
    experts = List.copyOf(experts);
    domains = List.copyOf(domains);
    dead = List.copyOf(dead);
  }

  /**
   * Measures the experts.
   *
   * @param experts their names
   * @param pairs n pairs
   * @param routing {@code float[n][k]}: dense routing of each pair's prompt
   * @param margins {@code float[n][k]}: expert rewards of chosen less those of rejected
   * @param leastPairs contexts with fewer pairs are one domain with the rest of their data set
   * @throws IllegalArgumentException naming the field that is empty or has another length
   */
  public static ExpertDiagnostics of(
      List<String> experts,
      List<PreferencePair> pairs,
      float[][] routing,
      float[][] margins,
      int topM,
      int leastPairs) {
    int k = experts.size();
    requireRows("routing", routing, pairs.size(), k);
    requireRows("margins", margins, pairs.size(), k);
    double[] usage = new double[k];
    double entropy = 0;
    double served = 0;
    double dense = 0;
    int n = pairs.size();
    for (int i = 0; i < n; i++) {
      for (int e = 0; e < k; e++) {
        usage[e] += routing[i][e] / (double) n;
      }
      entropy += entropy(routing[i]);
      served += right(mixed(routing[i], margins[i], topM));
      dense += right(mixed(routing[i], margins[i], k));
    }
    Specialization special = Specialization.of(pairs, new PairScores(margins, routing), leastPairs);
    return new ExpertDiagnostics(
        experts,
        special.domains(),
        special.pairs(),
        special.routing(),
        special.accuracy(),
        special.selectivity(),
        correlation(margins, k),
        usage,
        Math.exp(entropy / n),
        IntStream.range(0, k).filter(e -> usage[e] < DEAD / k).boxed().toList(),
        topM,
        served / n,
        dense / n);
  }

  /** What keeping the top m weights only costs in accuracy; negative: it gains. */
  public double topMCost() {
    return denseAccuracy - servedAccuracy;
  }

  /** The figures of each expert as a table, with those of all before it. */
  public String toMarkdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            """
            %d pairs in %d domains. A pair is shared among %.2f experts of %d; dead: %s. Accuracy %.3f with the top %d, %.3f
            with all: the top %d cost %.2f points.

            | expert | name | usage | most used for | weight there | best alone on | accuracy there | selectivity |
            |---:|---|---:|---|---:|---|---:|---:|
            """,
            IntStream.of(pairs).sum(),
            domains.size(),
            effectiveExperts,
            experts.size(),
            dead.isEmpty() ? "none" : dead,
            servedAccuracy,
            topM,
            denseAccuracy,
            topM,
            100 * topMCost()));
    for (int e = 0; e < experts.size(); e++) {
      int used = largest(routing[e]);
      int best = largest(accuracy[e]);
      text.append(
          String.format(
              Locale.ROOT,
              "| %d | %s | %.3f | %s | %.2f | %s | %.3f | %s |%n",
              e,
              experts.get(e),
              usage[e],
              domains.get(used),
              routing[e][used],
              domains.get(best),
              accuracy[e][best],
              Double.isNaN(selectivity[e])
                  ? "-"
                  : String.format(Locale.ROOT, "%.3f", selectivity[e])));
    }
    return text.toString();
  }

  private static double right(double margin) {
    return margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
  }

  private static double mixed(float[] routing, float[] margins, int topM) {
    double[] weights = RoutingWeights.sparsify(routing, topM);
    double sum = 0;
    for (int e = 0; e < weights.length; e++) {
      sum += weights[e] * margins[e];
    }
    return sum;
  }

  private static double entropy(float[] routing) {
    double sum = 0;
    for (double w : routing) {
      sum -= w > 0 ? w * Math.log(w) : 0;
    }
    return sum;
  }

  private static int largest(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static double[][] correlation(float[][] margins, int k) {
    double[] mean = new double[k];
    for (float[] row : margins) {
      for (int e = 0; e < k; e++) {
        mean[e] += row[e] / (double) margins.length;
      }
    }
    double[][] products = new double[k][k];
    for (float[] row : margins) {
      for (int e = 0; e < k; e++) {
        for (int f = 0; f < k; f++) {
          products[e][f] += (row[e] - mean[e]) * (row[f] - mean[f]);
        }
      }
    }
    double[][] correlation = new double[k][k];
    for (int e = 0; e < k; e++) {
      for (int f = 0; f < k; f++) {
        double spread = Math.sqrt(products[e][e] * products[f][f]);
        correlation[e][f] = spread > 0 ? products[e][f] / spread : 0;
      }
    }
    return correlation;
  }

  private static void requireRows(String field, float[][] rows, int n, int k) {
    if (n == 0) {
      throw new IllegalArgumentException("'pairs' must not be empty");
    }
    if (rows.length != n) {
      throw new IllegalArgumentException("'" + field + "' must have a row for each pair");
    }
    for (float[] row : rows) {
      if (row.length != k) {
        throw new IllegalArgumentException("'" + field + "' must have a number for each expert");
      }
    }
  }
}
