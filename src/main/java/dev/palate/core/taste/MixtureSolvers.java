package dev.palate.core.taste;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Function;

/**
 * Mixture solvers of one bundle for many threads: the priors' matrices are made once and shared,
 * arrays are lent from user to user. Safe for concurrent use.
 */
public final class MixtureSolvers {

  private final MixtureShape shape;
  private final ArrayBlockingQueue<MixtureSolver> idle;

  /**
   * @param kept how many idle solvers are kept for the next user, at least 1; more threads than
   *     that are served too, by solvers that are let go afterwards
   * @throws IllegalArgumentException naming the argument or the field that is not as described
   */
  public MixtureSolvers(Prior prior, Likelihood likelihood, ScaleGrid grid, int kept) {
    if (kept < 1) {
      throw new IllegalArgumentException("'kept' must be at least 1, was " + kept);
    }
    this.shape = new MixtureShape(prior, likelihood, grid);
    this.idle = new ArrayBlockingQueue<>(kept);
  }

  /**
   * The user's posterior, as {@link MixtureSolver#solve} gives it.
   *
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  public UserPosterior solve(List<LabelMargin> labels) {
    return lent(solver -> solver.solve(labels));
  }

  /**
   * The posterior's components, as {@link MixtureSolver#posterior} gives them.
   *
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  public MixturePosterior posterior(List<LabelMargin> labels) {
    return lent(solver -> solver.posterior(labels));
  }

  /**
   * What each label does to the mean, as {@link MixtureSolver#influence} gives it.
   *
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  public TasteSolver.Influence influence(List<LabelMargin> labels) {
    return lent(solver -> solver.influence(labels));
  }

  private <T> T lent(Function<MixtureSolver, T> use) {
    MixtureSolver solver = idle.poll();
    if (solver == null) {
      solver = new MixtureSolver(shape);
    }
    try {
      return use.apply(solver);
    } finally {
      idle.offer(solver);
    }
  }
}
