package dev.palate.taste;

import java.util.Arrays;
import java.util.List;

/**
 * Solves a user's shift from labels (MODEL.md, Adapting to a user from few labels).
 *
 * <p>With base {@code b_i = topM(w_i) . D_i} it minimizes over d
 *
 * <pre>- sum_i g_i log(e + (1-2e) sigmoid(s (b_i + d . D_i))) + (d - mu)' Sigma^-1 (d - mu) / 2
 * </pre>
 *
 * <p><b>Coordinates.</b> Newton's method runs on z with {@code d = mu + L z}, {@code L L' = Sigma}.
 * The prior becomes {@code |z|^2 / 2}, its Hessian the identity: whatever the prior's scale, the
 * system is well conditioned, and a prior close to zero (users who hardly differ) is no special
 * case. Newton's steps are the same in either coordinates.
 *
 * <p><b>Descent.</b> Without label noise the problem is strictly convex. With it, a label that is
 * lost by far bends the objective downwards (the label is being written off as noise). The exact
 * Hessian is used where it is positive definite; elsewhere the labels' negative curvature is
 * dropped, which leaves at least the identity. Either way the step goes down, backtracking makes it
 * go down enough, and the result is never worse than the prior. Close to the optimum the decrease
 * drowns in rounding before the step does: there full steps are taken until they stop shrinking.
 *
 * <p><b>Same labels, same bits.</b> Labels are put in an order of their content before anything is
 * summed, no thread or random number takes part, and {@code StrictMath} gives exp and log the same
 * bits on every machine. Two instances that solve one user write the same weights.
 *
 * <p><b>Cost.</b> One step is n k^2 / 2 + k^3 / 6 multiplications; some 5 to 8 steps are usual. A
 * solver keeps its arrays from user to user: it is cheap to reuse and not safe for concurrent use.
 */
public final class TasteSolver {

  private static final int MAX_STEPS = 200;
  private static final int MAX_HALVINGS = 400;
  private static final double SUFFICIENT_DECREASE = 1e-4;

  /** Below this squared step, relative to the objective, its decrease drowns in rounding. */
  private static final double ROUNDING = 1e-13;

  private static final double CONVERGED = 1e-28;

  private final Prior prior;
  private final int k;
  private final double[][] whitening;
  private final Objective objective;

  private double[] z;
  private double[] candidate;
  private final double[] gradient;
  private final double[] step;
  private final double[][] hessian;
  private double[] margins = {};
  private double[] candidateMargins = {};
  private double value;
  private int steps;

  /**
   * @throws IllegalArgumentException naming the prior's field that is not as described
   */
  public TasteSolver(Prior prior, Likelihood likelihood) {
    this.prior = prior;
    this.k = prior.expertCount();
    this.whitening = prior.whitening();
    this.objective = new Objective(prior, whitening, likelihood);
    this.z = new double[k];
    this.candidate = new double[k];
    this.gradient = new double[k];
    this.step = new double[k];
    this.hessian = new double[k][k];
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
    load(labels);
    return labels.isEmpty() ? priorTaste() : minimizeAndDescribe();
  }

  /** The taste with {@code significant} judged against labels flipped at random. */
  public Taste solveWithNullBand(List<LabelMargin> labels) {
    Taste taste = solve(labels);
    if (labels.isEmpty()) {
      return taste;
    }
    boolean[] significant = new NullBand(this).outside(taste.shift());
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
    load(labels);
    return labels.isEmpty() ? new double[k] : new NullBand(this).width();
  }

  private void load(List<LabelMargin> labels) {
    labels.forEach(label -> label.requireValid(k));
    int n = labels.size();
    if (margins.length < n) {
      margins = new double[Math.max(n, 2 * margins.length)];
      candidateMargins = new double[margins.length];
    }
    objective.load(labels.stream().sorted(LabelMargin.CANONICAL_ORDER).toList());
  }

  private Taste priorTaste() {
    double[] uncertainty = new double[k];
    for (int j = 0; j < k; j++) {
      uncertainty[j] = Math.sqrt(prior.covariance()[j][j]);
    }
    return new Taste(prior.mean().clone(), uncertainty, new boolean[k], Double.NaN, 0, 0);
  }

  private Taste minimizeAndDescribe() {
    minimize();
    double[] shift = new double[k];
    shiftInto(shift);
    return new Taste(
        shift, uncertainty(), new boolean[k], objective.agreement(margins), value, steps);
  }

  /** Newton's method on the loaded labels, from the prior's mean. */
  void minimize() {
    Arrays.fill(z, 0);
    objective.margins(z, margins);
    value = objective.value(z, margins);
    double start = value;
    double previous = Double.POSITIVE_INFINITY;
    for (steps = 0; steps < MAX_STEPS; steps++) {
      double decrement = newtonStep();
      boolean close = decrement <= ROUNDING * (1 + Math.abs(value));
      if (decrement <= CONVERGED || (close && decrement > previous / 4)) {
        break;
      }
      if (!(close ? moveFully() : moveDown(decrement))) {
        break;
      }
      previous = close ? decrement : Double.POSITIVE_INFINITY;
    }
    if (!(value <= start)) {
      // Full steps at the rounding level may end an ulp above a start that was optimal already
      Arrays.fill(z, 0);
      objective.margins(z, margins);
      value = start;
    }
  }

  /** Sets {@code step}, and returns Newton's decrement squared, g' H^-1 g. */
  private double newtonStep() {
    objective.differentiate(z, margins, false, gradient, hessian);
    if (!Cholesky.factor(hessian)) {
      objective.differentiate(z, margins, true, gradient, hessian);
      Cholesky.factor(hessian);
    }
    System.arraycopy(gradient, 0, step, 0, k);
    Cholesky.forward(hessian, step);
    double decrement = 0;
    for (int j = 0; j < k; j++) {
      decrement += step[j] * step[j];
    }
    Cholesky.backward(hessian, step);
    return decrement;
  }

  private boolean moveDown(double decrement) {
    double length = 1;
    for (int halving = 0; halving <= MAX_HALVINGS; halving++, length /= 2) {
      double reached = evaluate(length);
      if (reached <= value - SUFFICIENT_DECREASE * length * decrement) {
        accept(reached);
        return true;
      }
    }
    return false;
  }

  private boolean moveFully() {
    double reached = evaluate(1);
    if (!(reached <= value + 1e-12 * (1 + Math.abs(value)))) {
      return false;
    }
    accept(reached);
    return true;
  }

  private double evaluate(double length) {
    for (int j = 0; j < k; j++) {
      candidate[j] = z[j] - length * step[j];
    }
    objective.margins(candidate, candidateMargins);
    return objective.value(candidate, candidateMargins);
  }

  private void accept(double reached) {
    double[] point = z;
    z = candidate;
    candidate = point;
    double[] atPoint = margins;
    margins = candidateMargins;
    candidateMargins = atPoint;
    value = reached;
  }

  /** The labels, of which {@link NullBand} flips the signs. */
  Objective objective() {
    return objective;
  }

  double[] mean() {
    return prior.mean();
  }

  /** d = mu + L z of the last minimum. */
  void shiftInto(double[] shift) {
    for (int j = 0; j < k; j++) {
      double sum = 0;
      for (int l = 0; l <= j; l++) {
        sum += whitening[j][l] * z[l];
      }
      shift[j] = prior.mean()[j] + sum;
    }
  }

  /**
   * Square roots of the diagonal of L H^-1 L', the curvature taken convex: it is positive definite
   * always, and labels never make us less certain than the prior.
   */
  private double[] uncertainty() {
    factorConvexHessian();
    double[] uncertainty = new double[k];
    for (int j = 0; j < k; j++) {
      whitenedRow(j, step);
      double variance = 0;
      for (int l = 0; l < k; l++) {
        variance += step[l] * step[l];
      }
      uncertainty[j] = Math.sqrt(variance);
    }
    return uncertainty;
  }

  /**
   * What {@link PriorLearner} needs of a user: the Laplace approximation of the shift's posterior
   * and of the labels' marginal likelihood.
   */
  Posterior posterior(List<LabelMargin> labels) {
    load(labels);
    minimize();
    factorConvexHessian();
    double[] shift = new double[k];
    shiftInto(shift);
    double[][] rows = new double[k][k];
    for (int j = 0; j < k; j++) {
      whitenedRow(j, rows[j]);
    }
    double[][] covariance = new double[k][k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        for (int l = 0; l < k; l++) {
          covariance[i][j] += rows[i][l] * rows[j][l];
        }
      }
    }
    // In whitened coordinates the prior's determinant is 1 and every 2 pi cancels
    return new Posterior(shift, covariance, -value - Cholesky.logDeterminant(hessian) / 2);
  }

  /**
   * @param shift the mode, {@code double[k]}
   * @param covariance {@code double[k][k]}
   * @param logEvidence log of the labels' probability with the shift integrated out
   */
  record Posterior(double[] shift, double[][] covariance, double logEvidence) {}

  private void factorConvexHessian() {
    objective.differentiate(z, margins, true, gradient, hessian);
    Cholesky.factor(hessian);
  }

  /** R^-1 L_j', where H = R R' is factored: their inner products are the shift's covariance. */
  private void whitenedRow(int j, double[] row) {
    Arrays.fill(row, 0);
    System.arraycopy(whitening[j], 0, row, 0, j + 1);
    Cholesky.forward(hessian, row);
  }
}
