package dev.palate.lab.evaluate;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Percentile intervals from units (users, or prompts) drawn with replacement. The draws depend on
 * the seed and the number of units alone, so figures of the same units are drawn alike.
 *
 * @param resamples how many
 */
record Bootstrap(int resamples, long seed) {

  private static final double TAIL = 0.025;
  private static final double DECILE = 0.1;

  /** A number that is computed from some units, each as often as it is named. */
  @FunctionalInterface
  interface Statistic {
    double of(int[] units);
  }

  Figure of(int units, Statistic statistic) {
    int[] drawn = new int[units];
    for (int i = 0; i < units; i++) {
      drawn[i] = i;
    }
    double value = statistic.of(drawn);
    if (units < 2) {
      return new Figure(value, null, null, units);
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[resamples];
    for (int r = 0; r < resamples; r++) {
      for (int i = 0; i < units; i++) {
        drawn[i] = random.nextInt(units);
      }
      values[r] = statistic.of(drawn);
    }
    Arrays.sort(values);
    return new Figure(value, quantile(values, TAIL), quantile(values, 1 - TAIL), units);
  }

  /** The mean, each unit counted once. */
  Figure mean(double[] values) {
    return of(
        values.length,
        units -> {
          double sum = 0;
          for (int unit : units) {
            sum += values[unit];
          }
          return sum / units.length;
        });
  }

  /** The sum over units by the sum of their sizes: a mean over what the units hold. */
  Figure ratio(double[] sums, double[] sizes) {
    return of(
        sums.length,
        units -> {
          double sum = 0;
          double size = 0;
          for (int unit : units) {
            sum += sums[unit];
            size += sizes[unit];
          }
          return sum / size;
        });
  }

  /** The mean of the lowest tenth of the values, of one at least. */
  Figure worstDecile(double[] values) {
    double[] some = new double[values.length];
    return of(
        values.length,
        units -> {
          for (int i = 0; i < some.length; i++) {
            some[i] = values[units[i]];
          }
          Arrays.sort(some);
          int worst = Math.max(1, (int) (DECILE * some.length));
          return Arrays.stream(some, 0, worst).average().orElseThrow();
        });
  }

  private static double quantile(double[] sorted, double q) {
    double at = q * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
