package dev.palate.lab.controlled;

import java.util.Arrays;
import java.util.List;

/**
 * One figure over the seeds.
 *
 * @param deviation standard deviation of a sample; 0 with one seed
 * @param seeds the figure of each seed, in their order
 */
public record Spread(double mean, double deviation, List<Double> seeds) {

  static final Spread NONE = new Spread(Double.NaN, Double.NaN, List.of());

  static Spread of(double... seeds) {
    double mean = Arrays.stream(seeds).average().orElseThrow();
    double squares = Arrays.stream(seeds).map(x -> (x - mean) * (x - mean)).sum();
    double deviation = seeds.length == 1 ? 0 : Math.sqrt(squares / (seeds.length - 1));
    return new Spread(mean, deviation, Arrays.stream(seeds).boxed().toList());
  }
}
