package dev.palate.journey;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Draws 0 to n - 1, the r-th with a probability in proportion to 1 / (r + 1). */
public final class Zipf {

  private final double[] cumulative;

  public Zipf(int n) {
    cumulative = new double[n];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += 1.0 / (i + 1);
      cumulative[i] = sum;
    }
  }

  public int draw(RandomGenerator random) {
    double at = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, at);
    return Math.min(cumulative.length - 1, found < 0 ? -found - 1 : found);
  }
}
