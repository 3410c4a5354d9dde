package dev.palate.lab.controlled;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A user who wants partly what the prompt's group wants, partly a mixture of all groups' directions
 * that is theirs alone.
 *
 * @param mix {@code double[g]}, a draw of a Dirichlet distribution
 * @param share how much of the user's direction is their mixture's, in [0, 1]
 */
record MixedUser(double[] mix, double share) {

  static List<MixedUser> draw(
      int n, ControlledSettings settings, double share, RandomGenerator random) {
    List<MixedUser> users = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      double[] mix = dirichlet(settings.groups(), settings.concentration(), random);
      users.add(new MixedUser(mix, share));
    }
    return users;
  }

  /** What the user judges responses by at a prompt of this group, {@code double[d]}. */
  double[] direction(World world, int group) {
    double[] direction = new double[world.dimension()];
    World.addScaled(direction, world.direction(group), 1 - share);
    for (int g = 0; g < mix.length; g++) {
      World.addScaled(direction, world.direction(g), share * mix[g]);
    }
    return direction;
  }

  /** Gamma draws that are divided by their sum. */
  static double[] dirichlet(int n, double concentration, RandomGenerator random) {
    double[] draw = new double[n];
    double sum = 0;
    for (int i = 0; i < n; i++) {
      draw[i] = gamma(concentration, random);
      sum += draw[i];
    }
    for (int i = 0; i < n; i++) {
      draw[i] /= sum;
    }
    return draw;
  }

  /** Marsaglia and Tsang's method (2000), boosted for shapes below 1. */
  private static double gamma(double shape, RandomGenerator random) {
    if (shape < 1) {
      return gamma(shape + 1, random) * Math.pow(random.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - random.nextDouble()) < x * x / 2 + d * (1 - v + Math.log(v))) {
        return d * v;
      }
    }
  }
}
