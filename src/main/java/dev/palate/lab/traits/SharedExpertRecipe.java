package dev.palate.lab.traits;

import dev.palate.core.traits.SharedExperts;
import dev.palate.core.traits.TextTraits;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Fits {@link SharedExperts} to pairs of training texts. What an expert stands for is fixed by hand
 * ({@link ExpertDirections}); the texts say what is usual:
 *
 * <ol>
 *   <li>each trait is clipped to its 1st and 99th percentile over all texts and standardized; one
 *       that never varies contributes nothing. Marks that few texts have (emoji, tables) would be
 *       clipped away: their range reaches log 4, three of a kind where none is usual. No range is
 *       wider than six deviations: a rare trait's deviation is raised to that;
 *   <li>from each direction but Brevity the part is taken away that goes with length: with D the
 *       direction's margins over the pairs and L the differences in standardized length, {@code
 *       beta = sum D L / sum L^2} is subtracted from its weight of length, so that D and L are
 *       orthogonal;
 *   <li>each expert is divided by its margins' standard deviation (around 0, since which text of a
 *       pair comes first means nothing), so that a weight of 1 means the same for each.
 * </ol>
 *
 * Deterministic: the same pairs in the same order give the same experts. The population's weights
 * are 0; they are learned elsewhere.
 */
public final class SharedExpertRecipe {

  private static final double TAIL = .01;

  /** Marks that may be rare in training texts; their ranges reach at least {@link #REACH}. */
  private static final Set<String> MARKS =
      Set.of(
          "bullets",
          "numbered_items",
          "headings",
          "code_lines",
          "inline_code",
          "table_rows",
          "emoji",
          "exclamations");

  /** Three of a kind where none is usual. */
  private static final float REACH = (float) Math.log(4);

  /** Deviations that a trait's range covers at most. */
  private static final double WIDEST = 6;

  /** Standard deviations below this are rounding: the trait never varies. */
  private static final double CONSTANT = 1e-6;

  private static final int LENGTH = TextTraits.NAMES.indexOf("length");

  private SharedExpertRecipe() {}

  /**
   * @param chosen traits of each pair's chosen text ({@link TextTraits#of}), {@code
   *     float[pairs][traits]}; at least one pair
   * @param rejected traits of the rejected texts, {@code float[pairs][traits]}
   * @throws IllegalArgumentException naming the argument that is not as described
   */
  public static SharedExperts fit(List<float[]> chosen, List<float[]> rejected) {
    require("chosen", chosen);
    require("rejected", rejected);
    if (chosen.size() != rejected.size() || chosen.isEmpty()) {
      throw new IllegalArgumentException(
          "'chosen' and 'rejected' must be as many, at least one: %d, %d"
              .formatted(chosen.size(), rejected.size()));
    }
    int traits = TextTraits.NAMES.size();
    float[] mean = new float[traits];
    float[] deviation = new float[traits];
    float[] low = new float[traits];
    float[] high = new float[traits];
    for (int t = 0; t < traits; t++) {
      int trait = t;
      double[] sorted = new double[chosen.size() * 2];
      Arrays.setAll(
          sorted, i -> i % 2 == 0 ? chosen.get(i / 2)[trait] : rejected.get(i / 2)[trait]);
      Arrays.sort(sorted);
      low[t] = (float) sorted[(int) Math.round(TAIL * (sorted.length - 1))];
      high[t] = (float) sorted[(int) Math.round((1 - TAIL) * (sorted.length - 1))];
      if (MARKS.contains(TextTraits.NAMES.get(t))) {
        high[t] = Math.max(high[t], REACH);
      }
      moments(sorted, t, low, high, mean, deviation);
    }
    double[][] differences = new double[chosen.size()][traits];
    for (int i = 0; i < differences.length; i++) {
      for (int t = 0; t < traits; t++) {
        double difference =
            (double) Math.clamp(chosen.get(i)[t], low[t], high[t])
                - Math.clamp(rejected.get(i)[t], low[t], high[t]);
        differences[i][t] = deviation[t] == 0 ? 0 : difference / deviation[t];
      }
    }
    List<ExpertDirections.Direction> directions = ExpertDirections.ALL;
    return new SharedExperts(
        directions.stream().map(ExpertDirections.Direction::name).toList(),
        directions.stream().map(ExpertDirections.Direction::description).toList(),
        mean,
        deviation,
        low,
        high,
        directions.stream().map(d -> weights(d, differences)).toArray(float[][]::new),
        new float[directions.size()]);
  }

  private static void require(String argument, List<float[]> rows) {
    if (rows == null) {
      throw new IllegalArgumentException("'" + argument + "' must not be null");
    }
    for (float[] row : rows) {
      if (row == null || row.length != TextTraits.NAMES.size()) {
        throw new IllegalArgumentException(
            "'%s' must have %d traits a text".formatted(argument, TextTraits.NAMES.size()));
      }
      for (float value : row) {
        if (!Float.isFinite(value)) {
          throw new IllegalArgumentException("'" + argument + "' must be finite, was " + value);
        }
      }
    }
  }

  private static void moments(
      double[] values, int t, float[] low, float[] high, float[] mean, float[] deviation) {
    double sum = 0;
    for (double value : values) {
      sum += Math.clamp(value, low[t], high[t]);
    }
    double m = sum / values.length;
    double squares = 0;
    for (double value : values) {
      double centred = Math.clamp(value, low[t], high[t]) - m;
      squares += centred * centred;
    }
    mean[t] = (float) m;
    double found = Math.sqrt(squares / values.length);
    deviation[t] =
        found < CONSTANT ? 0 : (float) Math.max(found, (high[t] - (double) low[t]) / WIDEST);
  }

  private static float[] weights(ExpertDirections.Direction direction, double[][] differences) {
    double[] weights = new double[direction.weights().length];
    Arrays.setAll(weights, t -> direction.weights()[t]);
    if (!direction.length()) {
      double common = 0;
      double length = 0;
      for (double[] pair : differences) {
        common += dot(weights, pair) * pair[LENGTH];
        length += pair[LENGTH] * pair[LENGTH];
      }
      weights[LENGTH] -= length == 0 ? 0 : common / length;
    }
    double squares = 0;
    for (double[] pair : differences) {
      double margin = dot(weights, pair);
      squares += margin * margin;
    }
    double deviation = Math.sqrt(squares / differences.length);
    float[] scaled = new float[weights.length];
    for (int t = 0; t < scaled.length; t++) {
      scaled[t] = deviation < CONSTANT ? 0 : (float) (weights[t] / deviation);
    }
    return scaled;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
