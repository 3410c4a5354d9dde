package dev.palate.core.taste;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Function;

/**
 * Solvers of one bundle for many threads: the prior's matrices are made once and shared, arrays are
 * lent from user to user. Safe for concurrent use.
 */
public final class TasteSolvers {

  private final PriorShape prior;
  private final Likelihood likelihood;
  private final ArrayBlockingQueue<TasteSolver> idle;

  /**
   * @param kept how many idle solvers are kept for the next user, at least 1; more threads than
   *     that are served too, by solvers that are let go afterwards
   * @throws IllegalArgumentException naming the prior's field that is not as described
   */
  public TasteSolvers(Prior prior, Likelihood likelihood, int kept) {
    this.prior = new PriorShape(prior);
    this.likelihood = likelihood;
    this.idle = new ArrayBlockingQueue<>(kept);
  }

  /**
   * All of a user's taste, as {@link TasteSolver#solveWithNullBand} gives it.
   *
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  public Taste solve(List<LabelMargin> labels) {
    return lent(solver -> solver.solveWithNullBand(labels));
  }

  /**
   * What is known of a user's shift, as {@link TasteSolver#posterior} gives it.
   *
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  public TasteSolver.Posterior posterior(List<LabelMargin> labels) {
    return lent(solver -> solver.posterior(labels));
  }

  /**
   * What each label does to each expert's shift, as {@link TasteSolver#influence} gives it.
   *
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  public TasteSolver.Influence influence(List<LabelMargin> labels) {
    return lent(solver -> solver.influence(labels));
  }

  private <T> T lent(Function<TasteSolver, T> use) {
    TasteSolver solver = idle.poll();
    if (solver == null) {
      solver = new TasteSolver(prior, likelihood);
    }
    try {
      return use.apply(solver);
    } finally {
      idle.offer(solver);
    }
  }
}
