package dev.palate.taste;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Learns the prior over users from users who labelled (MODEL.md, the prior over users).
 *
 * <p>{@link #learn} is empirical Bayes by Laplace EM: each user's shift d_u and its posterior
 * covariance C_u are solved under the current prior, then Sigma is the mean of {@code d_u d_u' +
 * C_u}. The mean stays zero: what all users share belongs to the router, and a user without labels
 * is served as nobody in particular. Users who say little contribute little but the prior itself,
 * so few labels a user are enough where there are many users.
 *
 * <p>{@link #tune} then asks users who taught neither mu nor Sigma how far the prior may be
 * trusted: few labels must never hurt, so a strength under which a domain loses accuracy or
 * log-likelihood is not eligible. The accuracy of a handful of users moves by points with the draw
 * of their labels; they object by their log-likelihood alone.
 */
public final class PriorLearner {

  private static final int MAX_ITERATIONS = 40;
  private static final double CONVERGED = 1e-4;
  private static final double FIRST_TAU = 0.3;
  private static final double TOWARD_DIAGONAL = 0.05;
  private static final double FLOOR = 1e-6;

  private static final double[] FACTORS = {0, 1 / 64.0, 1 / 16.0, 1 / 4.0, 1 / 2.0, 1, 2, 4};
  private static final int[] SHOTS = {1, 3, 5, 10, 20, 50};
  private static final int MIN_TEST_LABELS = 5;

  /** Each user is asked this often, with other labels shown: one draw says little. */
  private static final int DRAWS = 5;

  /** Fewer users than this cannot tell a loss of a third of a point from chance. */
  private static final int USERS_WITH_A_VETO = 20;

  /** The loss of accuracy, and of log-likelihood in nats, that counts as none. */
  private static final double TOLERATED_LOSS = 0.003;

  private PriorLearner() {}

  /**
   * Learns Sigma around a mean of zero.
   *
   * @param users each user's label margins; the caller caps how many labels one user brings
   * @throws IllegalArgumentException if there are fewer than two users or a label is not valid
   */
  public static Prior learn(List<List<LabelMargin>> users, Likelihood likelihood) {
    if (users.size() < 2) {
      throw new IllegalArgumentException(
          "'users' must be at least 2 to learn a prior, were " + users.size());
    }
    int k =
        users.stream()
            .flatMap(List::stream)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("'users' must hold at least one label"))
            .margins()
            .length;
    Prior prior = Prior.isotropic(k, FIRST_TAU);
    double evidence = Double.NEGATIVE_INFINITY;
    for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
      Moments moments = new Moments(k);
      TasteSolver solver = new TasteSolver(prior, likelihood);
      for (List<LabelMargin> labels : users) {
        moments.add(solver.posterior(labels));
      }
      prior = moments.prior();
      if (moments.logEvidence - evidence < CONVERGED * users.size()) {
        break;
      }
      evidence = moments.logEvidence;
    }
    return prior;
  }

  /**
   * The learned prior with the strength, and the mean (learned or zero), that serve unseen users
   * best: the highest held-out log-likelihood among those that cost no domain accuracy at any
   * number of labels.
   *
   * @param validation by domain, users who did not teach {@code learned}; each user's labels in an
   *     order that is as good as random: n of them adapt, the rest judge
   */
  public static Prior tune(
      Prior learned, Likelihood likelihood, Map<String, List<List<LabelMargin>>> validation) {
    Prior best = learned.scaled(0);
    double bestGain = Double.NEGATIVE_INFINITY;
    Map<String, Quality[]> unadapted = measure(best, likelihood, validation);
    for (double factor : FACTORS) {
      Prior candidate = learned.scaled(factor);
      double gain = gain(unadapted, measure(candidate, likelihood, validation));
      if (gain > bestGain) {
        bestGain = gain;
        best = candidate;
      }
    }
    return best;
  }

  /**
   * Mean gain in log-likelihood over domains and shots; minus infinity where one loses accuracy.
   */
  private static double gain(Map<String, Quality[]> before, Map<String, Quality[]> after) {
    double sum = 0;
    int count = 0;
    for (Map.Entry<String, Quality[]> domain : before.entrySet()) {
      Quality[] adapted = after.getOrDefault(domain.getKey(), new Quality[0]);
      for (int i = 0; i < adapted.length; i++) {
        Quality un = domain.getValue()[i];
        if (un.users == 0) {
          continue;
        }
        boolean lessRight =
            un.users >= USERS_WITH_A_VETO && adapted[i].accuracy() < un.accuracy() - TOLERATED_LOSS;
        boolean lessLikely = adapted[i].logLikelihood() < un.logLikelihood() - TOLERATED_LOSS;
        if (lessRight || lessLikely) {
          return Double.NEGATIVE_INFINITY;
        }
        sum += adapted[i].logLikelihood() - un.logLikelihood();
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  private static Map<String, Quality[]> measure(
      Prior prior, Likelihood likelihood, Map<String, List<List<LabelMargin>>> validation) {
    Map<String, Quality[]> measured = new TreeMap<>();
    TasteSolver solver = new TasteSolver(prior, likelihood);
    validation.forEach((domain, users) -> {
      Quality[] byShots = new Quality[SHOTS.length];
      for (int i = 0; i < SHOTS.length; i++) {
        byShots[i] = new Quality();
        for (List<LabelMargin> labels : users) {
          if (labels.size() >= SHOTS[i] + MIN_TEST_LABELS) {
            byShots[i].add(solver, labels, SHOTS[i], likelihood);
          }
        }
      }
      measured.put(domain, byShots);
    });
    return measured;
  }

  /** Mean accuracy and log-likelihood over users, each user counting once. */
  private static final class Quality {
    private int users;
    private double accuracy;
    private double logLikelihood;

    /**
     * One user: n labels adapt, the rest judge, from {@link #DRAWS} places of the labels' order.
     */
    void add(TasteSolver solver, List<LabelMargin> labels, int n, Likelihood likelihood) {
      users++;
      List<LabelMargin> order = new ArrayList<>(labels);
      for (int draw = 0; draw < DRAWS; draw++) {
        double[] shift = solver.solve(order.subList(0, n)).shift();
        List<LabelMargin> asked = order.subList(n, order.size());
        for (LabelMargin label : asked) {
          double margin = label.margin(shift, likelihood.topM());
          double share = 1.0 / (asked.size() * DRAWS);
          accuracy += share * (margin > 0 ? 1 : margin == 0 ? 0.5 : 0);
          logLikelihood += share * likelihood.logProbability(margin);
        }
        Collections.rotate(order, Math.max(1, labels.size() / DRAWS));
      }
    }

    double accuracy() {
      return accuracy / users;
    }

    double logLikelihood() {
      return logLikelihood / users;
    }
  }

  /** Sums over users of what the M step needs. */
  private static final class Moments {
    private final int k;
    private int users;
    private double logEvidence;
    private final double[][] squares;

    Moments(int k) {
      this.k = k;
      this.squares = new double[k][k];
    }

    void add(TasteSolver.Posterior posterior) {
      users++;
      logEvidence += posterior.logEvidence();
      for (int i = 0; i < k; i++) {
        for (int j = 0; j < k; j++) {
          squares[i][j] +=
              posterior.shift()[i] * posterior.shift()[j] + posterior.covariance()[i][j];
        }
      }
    }

    /**
     * The M step; off-diagonal entries shrink a little, so that few users give no singular Sigma.
     */
    Prior prior() {
      double[][] covariance = new double[k][k];
      for (int i = 0; i < k; i++) {
        for (int j = 0; j < k; j++) {
          double value = squares[i][j] / users;
          covariance[i][j] = i == j ? value + FLOOR : (1 - TOWARD_DIAGONAL) * value;
        }
      }
      return new Prior(new double[k], covariance);
    }
  }
}
