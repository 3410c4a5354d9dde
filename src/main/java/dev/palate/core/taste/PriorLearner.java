package dev.palate.core.taste;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Learns the prior over users from users who labelled (MODEL.md, the prior over users).
 *
 * <p>{@link #learn} is empirical Bayes by Laplace EM: each user's shift d_u and its posterior
 * covariance C_u are solved under the current prior, then Sigma is the mean of {@code d_u d_u' +
 * C_u}. The mean stays zero: what all users share belongs to the router, and a user without labels
 * is served as nobody in particular. Users who say little contribute little but the prior itself,
 * so few labels a user are enough where there are many users.
 *
 * <p>How far such a prior may be trusted, and where, {@link PriorTuning} asks users who taught
 * neither mu nor Sigma.
 */
public final class PriorLearner {

  private static final int MAX_ITERATIONS = 40;
  private static final double CONVERGED = 1e-4;
  private static final double FIRST_TAU = 0.3;
  private static final double TOWARD_DIAGONAL = 0.05;
  private static final double FLOOR = 1e-6;
  private static final double FROZEN = 1e-8;

  private PriorLearner() {}

  /**
   * Learns Sigma around a mean of zero.
   *
   * @param users each user's label margins; the caller caps how many labels one user brings
   * @throws IllegalArgumentException if there are fewer than two users or a label is not valid
   */
  public static Prior learn(List<List<LabelMargin>> users, Likelihood likelihood) {
    return learn(users, likelihood, null);
  }

  /**
   * As {@link #learn(List, Likelihood)}, from a given prior on. Experts whose prior variance is at
   * most {@value #FROZEN} do not shift, before and after; the prior's leeway is kept.
   *
   * @param first where the iterations begin; null: the same variance for every expert
   */
  public static Prior learn(
      List<List<LabelMargin>> users, Likelihood likelihood, @Nullable Prior first) {
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
    Prior prior = first == null ? Prior.isotropic(k, FIRST_TAU) : first;
    boolean[] frozen = frozen(prior);
    double[] leeway = prior.leeway();
    double evidence = Double.NEGATIVE_INFINITY;
    for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
      Moments moments = new Moments(k);
      TasteSolver solver = new TasteSolver(prior, likelihood);
      for (List<LabelMargin> labels : users) {
        moments.add(solver.posterior(labels));
      }
      prior = frozen(moments.prior(), frozen).withLeeway(leeway);
      if (moments.logEvidence - evidence < CONVERGED * users.size()) {
        break;
      }
      evidence = moments.logEvidence;
    }
    return prior;
  }

  private static boolean[] frozen(Prior prior) {
    boolean[] frozen = new boolean[prior.expertCount()];
    for (int j = 0; j < frozen.length; j++) {
      frozen[j] = prior.covariance()[j][j] <= FROZEN;
    }
    return frozen;
  }

  private static Prior frozen(Prior prior, boolean[] frozen) {
    double[][] covariance = prior.covariance();
    for (int i = 0; i < frozen.length; i++) {
      if (frozen[i]) {
        for (int j = 0; j < frozen.length; j++) {
          covariance[i][j] = 0;
          covariance[j][i] = 0;
        }
        covariance[i][i] = FROZEN;
      }
    }
    return prior;
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
