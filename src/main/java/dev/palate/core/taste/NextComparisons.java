package dev.palate.core.taste;

import java.util.ArrayList;
import java.util.List;

/**
 * Which of some pairs a user should be asked about next: those whose labels would teach most about
 * the user's shift ({@link InformationGain}).
 *
 * <p>Several are chosen one after another, as if each were labelled before the next is chosen: a
 * label's answer is not known yet, but what it does to the posterior's covariance C is expected to
 * be {@code C - C a a' C f / (1 + f a' C a)}, with a = c D the pair's direction and f its expected
 * curvature; the mean stays, as no answer is expected to move it in either direction. So a second
 * pair that asks the same teaches little, and a list does not ask one thing ten times. The first of
 * the list is exact, the others rest on this expectation.
 *
 * <p>n pairs and K experts cost n K^2 multiplications, and each pair chosen n (K + 40) + K^2.
 */
public final class NextComparisons {

  private NextComparisons() {}

  /**
   * @param index among the pairs given
   * @param nats expected information gain of its label, after those of the pairs before it
   * @param probability that the first response is preferred, as {@code POST /score} has it: at the
   *     solved shift
   */
  public record Choice(int index, double nats, double probability) {}

  /**
   * @param posterior what is known of the user, {@link TasteSolver#posterior}
   * @param leeway a of the prior, {@code double[k]}
   * @param pairs margins are the first response's expert rewards less the second's; of labels that
   *     are not given yet, so strength is not looked at
   * @param limit how many at most
   * @return the most informative first; of equals, the one given first
   * @throws IllegalArgumentException naming the pair's field that is not as described
   */
  public static List<Choice> choose(
      TasteSolver.Posterior posterior,
      double[] leeway,
      Likelihood likelihood,
      List<LabelMargin> pairs,
      int limit) {
    int n = pairs.size();
    int k = leeway.length;
    double[][] covariance = new double[k][];
    for (int j = 0; j < k; j++) {
      covariance[j] = posterior.covariance()[j].clone();
    }
    double[][] directions = new double[n][];
    double[] margins = new double[n];
    double[] variances = new double[n];
    double[] product = new double[k];
    for (int i = 0; i < n; i++) {
      LabelMargin pair = pairs.get(i);
      pair.requireValid(k);
      directions[i] = direction(pair, leeway, likelihood.sharedExperts());
      margins[i] = pair.margin(posterior.shift(), leeway, likelihood);
      times(covariance, directions[i], product);
      variances[i] = Math.max(0, Rows.dot(directions[i], product, 0, k));
    }
    boolean[] taken = new boolean[n];
    List<Choice> choices = new ArrayList<>();
    while (choices.size() < Math.min(limit, n)) {
      int best = -1;
      InformationGain most = new InformationGain(-1, 0);
      for (int i = 0; i < n; i++) {
        if (!taken[i]) {
          InformationGain gain = InformationGain.of(likelihood, margins[i], variances[i]);
          if (gain.nats() > most.nats()) {
            most = gain;
            best = i;
          }
        }
      }
      taken[best] = true;
      choices.add(new Choice(best, most.nats(), likelihood.probability(margins[best])));
      times(covariance, directions[best], product);
      double by = most.curvature() / (1 + most.curvature() * variances[best]);
      for (int i = 0; i < n; i++) {
        double shared = Rows.dot(directions[i], product, 0, k);
        variances[i] = Math.max(0, variances[i] - by * shared * shared);
      }
      for (int j = 0; j < k; j++) {
        Rows.addOne(covariance[j], 0, k, -by * product[j], product);
      }
    }
    return choices;
  }

  /** How the shift enters the pair's margin: c D. */
  private static double[] direction(LabelMargin pair, double[] leeway, int sharedExperts) {
    double here = RoutingWeights.leewayAt(pair.routing(), leeway, sharedExperts);
    double[] direction = new double[leeway.length];
    for (int j = 0; j < direction.length; j++) {
      direction[j] = here * pair.margins()[j];
    }
    return direction;
  }

  private static void times(double[][] matrix, double[] vector, double[] to) {
    for (int j = 0; j < to.length; j++) {
      to[j] = Rows.dot(matrix[j], vector, 0, to.length);
    }
  }
}
