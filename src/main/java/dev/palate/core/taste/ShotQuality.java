package dev.palate.core.taste;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Mean accuracy and log-likelihood over users who showed so many labels, each counting once. */
final class ShotQuality {

  private static final int[] SHOTS = {1, 3, 5, 10, 20, 50};
  private static final int MIN_TEST_LABELS = 5;

  /** Each user is asked this often, with other labels shown: one draw says little. */
  private static final int DRAWS = 10;

  /** Fewer users than this cannot tell a loss of a third of a point from chance. */
  private static final int USERS_WITH_A_VETO = 20;

  /**
   * The loss of accuracy, and of log-likelihood in nats, that counts as none where users are many.
   */
  private static final double TOLERATED_LOSS = 0.003;

  /** The loss of log-likelihood that is none: a prior scaled by 0 still lets a shift be 1e-9. */
  private static final double ROUNDING = 1e-6;

  private int users;
  private double accuracy;
  private double logLikelihood;

  /** One entry a number of labels, from one label up. */
  static ShotQuality[] of(
      List<List<LabelMargin>> users, TasteSolver solver, Prior prior, Likelihood likelihood) {
    ShotQuality[] byShots = new ShotQuality[SHOTS.length];
    for (int i = 0; i < SHOTS.length; i++) {
      byShots[i] = new ShotQuality();
      for (List<LabelMargin> labels : users) {
        if (labels.size() >= SHOTS[i] + MIN_TEST_LABELS) {
          byShots[i].add(solver, labels, SHOTS[i], prior, likelihood);
        }
      }
    }
    return byShots;
  }

  /** One user: n labels adapt, the rest judge, from {@link #DRAWS} places of the labels' order. */
  private void add(
      TasteSolver solver, List<LabelMargin> labels, int n, Prior prior, Likelihood likelihood) {
    users++;
    List<LabelMargin> order = new ArrayList<>(labels);
    for (int draw = 0; draw < DRAWS; draw++) {
      double[] shift = solver.solve(order.subList(0, n)).shift();
      List<LabelMargin> asked = order.subList(n, order.size());
      for (LabelMargin label : asked) {
        double margin = label.margin(shift, prior.leeway(), likelihood);
        double share = 1.0 / (asked.size() * DRAWS);
        accuracy += share * (margin > 0 ? 1 : margin == 0 ? 0.5 : 0);
        logLikelihood += share * likelihood.logProbability(margin);
      }
      Collections.rotate(order, Math.max(1, labels.size() / DRAWS));
    }
  }

  int users() {
    return users;
  }

  boolean hasVeto() {
    return users >= USERS_WITH_A_VETO;
  }

  double logLikelihood() {
    return logLikelihood / users;
  }

  /**
   * Whether these users are worse off than the same ones were before, by more than is tolerated.
   * Few cannot show by their accuracy that a small loss of log-likelihood does no harm.
   */
  boolean hurts(ShotQuality before) {
    double loss = before.logLikelihood() - logLikelihood();
    return hasVeto()
        ? loss > TOLERATED_LOSS || (before.accuracy - accuracy) / users > TOLERATED_LOSS
        : loss > ROUNDING;
  }
}
