package dev.palate.core.taste;

import java.util.Arrays;

/**
 * From the router's dense routing to the weights that mix the experts (MODEL.md, Model and Adapting
 * to a user).
 *
 * <p>The router's weights are sparsified, then the user's shift is added, as far as the prompt
 * gives it leeway, and keeps its sign. A shift learned from labels is therefore never thrown away
 * because the router gave that expert little weight, and the solver sees exactly the weights that
 * serve.
 *
 * <p>Of the K experts of a bundle the last K_s may be shared (MODEL.md, Experts, routed and
 * shared). Their entries of a routing vector are the population's weights of traits: finite, of any
 * sign, neither sparsified nor renormalized, and without a part in the leeway. Each method has a
 * form with {@code sharedExperts}; the form without it takes all experts as routed.
 */
public final class RoutingWeights {

  private RoutingWeights() {}

  /**
   * Keeps the {@code topM} largest weights and renormalizes them to sum to 1; of equal weights the
   * lower index is kept.
   *
   * @param routing w(x), {@code float[k]}: not negative, finite, not all zero
   * @param topM at least 1; k or more keeps all
   * @return {@code double[k]}
   * @throws IllegalArgumentException naming the argument that is not as described
   */
  public static double[] sparsify(float[] routing, int topM) {
    return sparsify(routing, topM, 0);
  }

  /**
   * Keeps the {@code topM} largest weights of the routed experts, renormalized to sum to 1, and all
   * weights of the shared ones as they are.
   *
   * @param routing {@code float[k]}: w(x) of the routed experts, not negative, finite, not all
   *     zero; then m(x) of the shared ones, finite
   * @param topM at least 1; as many as there are routed experts, or more, keeps all
   * @param sharedExperts 0 to k
   * @return {@code double[k]}
   * @throws IllegalArgumentException naming the argument that is not as described
   */
  public static double[] sparsify(float[] routing, int topM, int sharedExperts) {
    double[] weights = new double[routing.length];
    sparsifyInto(weights, routing, topM, sharedExperts);
    return weights;
  }

  /**
   * The weights of a user at a prompt: the sparsified routing plus the shift, as far as this prompt
   * gives it leeway. They may be negative and need not sum to 1.
   *
   * @param routing w(x), {@code float[k]}
   * @param shift d, {@code double[k]}
   * @param leeway a, {@code double[k]}, see {@link #leewayAt}
   * @return topM(w) + (w . a) d, {@code double[k]}
   * @throws IllegalArgumentException naming the argument that is not as described
   */
  public static double[] personal(float[] routing, double[] shift, double[] leeway, int topM) {
    return personal(routing, shift, leeway, topM, 0);
  }

  /**
   * The weights of a user at a prompt, of routed and shared experts.
   *
   * @param routing {@code float[k]}, as {@link #sparsify(float[], int, int)} takes it
   * @param shift d, {@code double[k]}
   * @param leeway a, {@code double[k]}, see {@link #leewayAt(float[], double[], int)}
   * @param sharedExperts 0 to k
   * @return [topM(w); m] + a(x) d, {@code double[k]}
   * @throws IllegalArgumentException naming the argument that is not as described
   */
  public static double[] personal(
      float[] routing, double[] shift, double[] leeway, int topM, int sharedExperts) {
    requireSameLength("shift", routing, shift.length);
    double[] weights = sparsify(routing, topM, sharedExperts);
    double here = leewayAt(routing, leeway, sharedExperts);
    for (int j = 0; j < weights.length; j++) {
      weights[j] += here * shift[j];
    }
    return weights;
  }

  /**
   * How far a shift reaches at a prompt, a(x) = w(x) . a: people differ more in some domains than
   * in others, and experts know domains by their routing.
   *
   * @param routing w(x), {@code float[k]}, dense
   * @param leeway a, {@code double[k]}: each expert's, in [0, 1]
   * @throws IllegalArgumentException if their lengths differ
   */
  public static double leewayAt(float[] routing, double[] leeway) {
    return leewayAt(routing, leeway, 0);
  }

  /**
   * How far a shift reaches at a prompt by the routing to its routed experts: shared experts know
   * no domain, and their entries of either array are not read. Without routed experts it is 1.
   *
   * @param routing {@code float[k]}, dense
   * @param leeway a, {@code double[k]}: each routed expert's, in [0, 1]
   * @param sharedExperts 0 to k
   * @throws IllegalArgumentException if the lengths differ or {@code sharedExperts} is out of range
   */
  public static double leewayAt(float[] routing, double[] leeway, int sharedExperts) {
    requireSameLength("leeway", routing, leeway.length);
    int routed = routedExperts(routing.length, sharedExperts);
    if (routed == 0) {
      return 1;
    }
    double sum = 0;
    for (int j = 0; j < routed; j++) {
      sum += routing[j] * leeway[j];
    }
    return sum;
  }

  /** K_r of K experts; 'sharedExperts' is refused where it is not in [0, K]. */
  static int routedExperts(int k, int sharedExperts) {
    if (sharedExperts < 0 || sharedExperts > k) {
      throw new IllegalArgumentException(
          "'sharedExperts' must be in [0, %d], was %d".formatted(k, sharedExperts));
    }
    return k - sharedExperts;
  }

  /**
   * {@link #sparsify} into a given {@code double[k or more]}; what lies beyond k is untouched.
   *
   * <p>Each pass over the routing takes the two largest of those not taken yet: one is enough for
   * what bundles usually keep.
   */
  static void sparsifyInto(double[] weights, float[] routing, int topM, int sharedExperts) {
    if (topM < 1) {
      throw new IllegalArgumentException("'topM' must be at least 1, was " + topM);
    }
    int k = routedExperts(routing.length, sharedExperts);
    int left = Math.min(topM, k);
    requireWeights(routing, k);
    for (int j = k; j < routing.length; j++) {
      weights[j] = routing[j];
    }
    if (k == 0) {
      return;
    }
    Arrays.fill(weights, 0, k, 0);
    double total = 0;
    float taken = Float.POSITIVE_INFINITY;
    int takenAt = -1;
    for (; left > 0; left -= 2) {
      float first = -1;
      int firstAt = -1;
      float second = -1;
      int secondAt = -1;
      for (int j = 0; j < k; j++) {
        float weight = routing[j];
        if (weight > second && (weight < taken || (weight == taken && j > takenAt))) {
          if (weight > first) {
            second = first;
            secondAt = firstAt;
            first = weight;
            firstAt = j;
          } else {
            second = weight;
            secondAt = j;
          }
        }
      }
      weights[firstAt] = first;
      total += first;
      if (left > 1) {
        weights[secondAt] = second;
        total += second;
      }
      taken = second;
      takenAt = secondAt;
    }
    if (total == 0) {
      throw new IllegalArgumentException("'routing' must not be all zero");
    }
    for (int j = 0; j < k; j++) {
      if (weights[j] > 0) {
        weights[j] /= total;
      }
    }
  }

  private static void requireWeights(float[] routing, int routed) {
    for (int j = 0; j < routed; j++) {
      if (!(routing[j] >= 0 && routing[j] <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "'routing' must be finite and not negative, was %s at expert %d"
                .formatted(routing[j], j));
      }
    }
    for (int j = routed; j < routing.length; j++) {
      if (!Float.isFinite(routing[j])) {
        throw new IllegalArgumentException(
            "'routing' must be finite, was %s at shared expert %d".formatted(routing[j], j));
      }
    }
  }

  private static void requireSameLength(String field, float[] routing, int length) {
    if (routing.length != length) {
      throw new IllegalArgumentException(
          "'%s' must have the length of 'routing', %d, was %d"
              .formatted(field, routing.length, length));
    }
  }
}
