package dev.palate.core.taste;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Solves a user's shift from labels (MODEL.md, Adapting to a user from few labels).
 *
 * <p>With base {@code b_i = topM(w_i) . D_i} and leeway {@code c_i = w_i . a} it minimizes over d
 *
 * <pre>- sum_i g_i log(e + (1-2e) sigmoid(s (b_i + c_i d . D_i))) + (d - mu)' Sigma^-1 (d - mu) / 2
 * </pre>
 *
 * <p><b>Coordinates.</b> Many labels are solved in {@code d - mu} itself: their margins enter as
 * they are. n labels that are few (two thirds of k or less) reach only n directions of the k, in
 * all others the prior has the last word; {@link Span} turns the problem into one of n coordinates,
 * of the same form and without approximation. A user's first labels, the usual case, so cost what n
 * costs, whatever k is. Newton's steps are the same in any coordinates, and so is a Cholesky
 * factor's accuracy under scaling: a prior close to zero (users who hardly differ) is no special
 * case.
 *
 * <p><b>Descent.</b> A Newton step is cheap, its Hessian is not: it costs as much as six to ten
 * steps. So the Hessian is factored twice, at the start and at the end, and corrected in between by
 * how the gradient changes from step to step ({@link Curvature}), which keeps convergence faster
 * than linear. With more than 32 coordinates the first has of the labels its diagonal alone. Where
 * a step has not done what it should, the Hessian is factored anew: at worst this is Newton's
 * method. The last factor, some 1e-9 standard deviations from the optimum, serves for the
 * uncertainty too.
 *
 * <p><b>Noise.</b> Without label noise the problem is strictly convex. With it, a label that is
 * lost by far bends the objective downwards (the label is being written off as noise). The exact
 * Hessian is used where it is positive definite; elsewhere the labels' negative curvature is
 * dropped, which leaves at least the prior's. Either way the step goes down, backtracking makes it
 * go down enough, and the result is never worse than the prior. Close to the optimum the decrease
 * drowns in rounding before the step does: there full steps are taken until they stop shrinking.
 *
 * <p><b>Same labels, same bits.</b> Labels are put in an order of their content before anything is
 * summed, no thread or random number takes part, every loop adds in one order whatever vectors a
 * machine has ({@link Rows}), and exp and log are our own, in IEEE arithmetic alone ({@link
 * PlainMath}). Two instances that solve one user write the same weights.
 *
 * <p><b>Cost.</b> With c coordinates (k, or n where labels are few) a factored Hessian is n c^2 / 2
 * + c^3 / 6 multiplications, a step 2 n c + 3 c^2 and an exp and a log a label; 4 to 9 steps are
 * usual. Nothing is allocated in the steps. A solver keeps its arrays from user to user: it is
 * cheap to reuse and not safe for concurrent use; {@link TasteSolvers} lends solvers to threads.
 */
public final class TasteSolver {

  /** Squared distance from the optimum, in the posterior's standard deviations: rounding's. */
  private static final double EXACT = 1e-26;

  private final PriorShape prior;
  private final int k;
  private final Objective objective;
  private final Minimizer minimizer;
  private final double[][] sensitivity;
  private final double[][] axes;
  private final LaplaceCovariance covariance;
  private @Nullable NullBand nullBand;

  /**
   * @throws IllegalArgumentException naming the prior's field that is not as described
   */
  public TasteSolver(Prior prior, Likelihood likelihood) {
    this(new PriorShape(prior), likelihood);
  }

  TasteSolver(PriorShape prior, Likelihood likelihood) {
    this.prior = prior;
    this.k = prior.expertCount();
    this.objective = new Objective(prior, likelihood);
    this.minimizer = new Minimizer(objective, k);
    this.sensitivity = new double[k][k];
    this.axes = new double[k][k];
    this.covariance = new LaplaceCovariance(prior);
  }

  /**
   * All of a user's taste, significance included: a solve and the {@link NullBand}'s further ones.
   *
   * @throws IllegalArgumentException naming the field that is not as described
   */
  public static Taste solve(Prior prior, Likelihood likelihood, List<LabelMargin> labels) {
    return new TasteSolver(prior, likelihood).solveWithNullBand(labels);
  }

  /**
   * The taste without its null band: {@code significant} is all false.
   *
   * @param labels in any order; none gives exactly the prior
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  public Taste solve(List<LabelMargin> labels) {
    if (labels.isEmpty()) {
      return priorTaste();
    }
    minimize(labels);
    Point point = minimizer.point();
    double[] shift = new double[k];
    objective.shift(point.x, shift);
    return new Taste(
        shift,
        uncertainty(),
        new boolean[k],
        objective.agreement(point),
        point.value,
        minimizer.steps());
  }

  /** The taste with {@code significant} judged against labels flipped at random. */
  public Taste solveWithNullBand(List<LabelMargin> labels) {
    Taste taste = solve(labels);
    if (labels.isEmpty()) {
      return taste;
    }
    objective.sensitivity(axes);
    double[] width = nullBand().width(objective, minimizer, axes);
    boolean[] significant = new boolean[k];
    for (int j = 0; j < k; j++) {
      significant[j] = Math.abs(taste.shift()[j] - prior.mean[j]) > width[j];
    }
    return new Taste(
        taste.shift(),
        taste.uncertainty(),
        significant,
        taste.agreement(),
        taste.objective(),
        taste.iterations());
  }

  /**
   * How far from the prior's mean labels at random would shift each expert, {@code double[k]}: a
   * shift farther than this is significant. Zero without labels.
   */
  public double[] nullBand(List<LabelMargin> labels) {
    if (labels.isEmpty()) {
      return new double[k];
    }
    objective.load(labels);
    objective.sensitivity(axes);
    return nullBand().width(objective, minimizer, axes);
  }

  /**
   * What each label does to the shift, to first order: {@code -H^-1} times the gradient of the
   * label's loss at the solution, {@code double[n][k]} in the order of the labels. About so much
   * would be gone from the shift without the label, and exactly so much changes per unit of the
   * logarithm of its strength. No labels leave the prior's mean.
   *
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  public Influence influence(List<LabelMargin> labels) {
    if (labels.isEmpty()) {
      return new Influence(prior.mean.clone(), new double[0][]);
    }
    double[][] influence = new double[labels.size()][k];
    minimize(labels);
    Point point = minimizer.point();
    double[] shift = new double[k];
    objective.shift(point.x, shift);
    int size = objective.size();
    double[][] factor = sensitivity;
    objective.hessian(point, false, factor);
    if (!Cholesky.factor(factor, size, null)) {
      factor = minimizer.posteriorFactor();
    }
    objective.sensitivity(axes);
    double[] moved = new double[k];
    for (int i = 0; i < objective.labelCount(); i++) {
      for (int j = 0; j < size; j++) {
        moved[j] = -point.pulls[i] * objective.direction(i)[j];
      }
      Cholesky.forward(factor, size, moved);
      Cholesky.backward(factor, size, moved);
      Rows.add(influence[objective.place(i)], 0, k, moved, axes, size);
    }
    return new Influence(shift, influence);
  }

  private NullBand nullBand() {
    if (nullBand == null) {
      nullBand = new NullBand(k);
    }
    return nullBand;
  }

  private void minimize(List<LabelMargin> labels) {
    objective.load(labels);
    minimizer.begin();
    minimizer.minimize(EXACT);
  }

  private Taste priorTaste() {
    double[] uncertainty = new double[k];
    for (int j = 0; j < k; j++) {
      uncertainty[j] = Math.sqrt(prior.covariance[j][j]);
    }
    return new Taste(prior.mean.clone(), uncertainty, new boolean[k], Double.NaN, 0, 0);
  }

  private double[] uncertainty() {
    double[] variances = covariance.variances(objective, minimizer.posteriorFactor());
    for (int j = 0; j < k; j++) {
      variances[j] = Math.sqrt(variances[j]);
    }
    return variances;
  }

  /**
   * The Laplace approximation of the shift's posterior and of the labels' marginal likelihood.
   *
   * @param labels in any order; none gives exactly the prior
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  public Posterior posterior(List<LabelMargin> labels) {
    if (labels.isEmpty()) {
      return priorPosterior();
    }
    minimize(labels);
    double[] shift = new double[k];
    objective.shift(minimizer.point().x, shift);
    double[][] hessian = minimizer.posteriorFactor();
    double logEvidence = logEvidence(hessian);
    return new Posterior(shift, covariance.matrix(objective, hessian), logEvidence);
  }

  /** The same without covariances between experts, which cost the most. */
  Moments moments(List<LabelMargin> labels) {
    double[] shift = prior.mean.clone();
    if (labels.isEmpty()) {
      double[] variances = new double[k];
      for (int j = 0; j < k; j++) {
        variances[j] = prior.covariance[j][j];
      }
      return new Moments(shift, variances, 0);
    }
    minimize(labels);
    objective.shift(minimizer.point().x, shift);
    double[][] hessian = minimizer.posteriorFactor();
    double logEvidence = logEvidence(hessian);
    return new Moments(shift, covariance.variances(objective, hessian), logEvidence);
  }

  private double logEvidence(double[][] hessian) {
    int size = objective.size();
    // Every 2 pi cancels
    double logRatio = Cholesky.logDeterminant(hessian, size) - objective.priorLogDeterminant();
    return -minimizer.point().value - logRatio / 2;
  }

  private Posterior priorPosterior() {
    double[][] unchanged = new double[k][];
    for (int j = 0; j < k; j++) {
      unchanged[j] = prior.covariance[j].clone();
    }
    return new Posterior(prior.mean.clone(), unchanged, 0);
  }

  /**
   * A shift, and what each label does to it.
   *
   * @param shift d, {@code double[k]}
   * @param pulls {@code double[n][k]}
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Influence(double[] shift, double[][] pulls) {}

  /**
   * @param shift the mode, {@code double[k]}
   * @param covariance {@code double[k][k]}
   * @param logEvidence log of the labels' probability with the shift integrated out
   */
  public record Posterior(double[] shift, double[][] covariance, double logEvidence) {}

  /**
   * @param shift the mode, {@code double[k]}
   * @param variances {@code double[k]}
   * @param logEvidence as the {@link Posterior}'s
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Moments(double[] shift, double[] variances, double logEvidence) {}
}
