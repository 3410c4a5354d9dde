package dev.palate.core.taste;

import java.util.Arrays;

/** Finds the minimum of the loaded {@link Objective}; {@link TasteSolver} tells how. */
final class Minimizer {

  private static final int MAX_STEPS = 300;
  private static final int MAX_HALVINGS = 400;
  private static final double SUFFICIENT_DECREASE = 1e-4;

  /** A step has to leave at most this share of the squared decrement, or H is factored anew. */
  private static final double SLOW = 0.2;

  /** With more coordinates than this, a Hessian to start from costs more steps than it saves. */
  private static final int WORTH_A_HESSIAN = 32;

  /** Below this squared decrement, relative to the objective, its decrease drowns in rounding. */
  private static final double ROUNDING = 1e-13;

  /** Below this one, H is factored a last time: for the last step, and for the uncertainty. */
  private static final double SETTLED = 1e-18;

  private final Objective objective;
  private final double[][] start;
  private final Curvature curvature;
  private final double[] step;
  private double[] gradient;
  private double[] nextGradient;
  private Point point;
  private Point candidate;
  private int steps;
  private boolean settled;

  Minimizer(Objective objective, int k) {
    this.objective = objective;
    this.start = new double[k][k];
    this.curvature = new Curvature(k);
    this.step = new double[k];
    this.gradient = new double[k];
    this.nextGradient = new double[k];
    this.point = new Point(k);
    this.candidate = new Point(k);
  }

  /** For one minimum of the loaded labels. */
  void begin() {
    reserve();
    toPriorMean();
    if (objective.size() <= WORTH_A_HESSIAN) {
      objective.hessian(point, true, start);
    } else {
      objective.roughHessian(point, start);
    }
    Cholesky.factor(start, objective.size(), objective.priorFactor());
  }

  /**
   * For many minima of the loaded labels, which differ by signs: the Hessian at the prior's mean is
   * the same for all of them but for label noise.
   */
  void beginMany() {
    reserve();
    toPriorMean();
    objective.hessian(point, true, start);
    Cholesky.factor(start, objective.size(), objective.priorFactor());
  }

  private void reserve() {
    point.reserve(objective.labelCount());
    candidate.reserve(objective.labelCount());
  }

  /** The point reached, evaluated. */
  Point point() {
    return point;
  }

  /** Steps that the last minimum took. */
  int steps() {
    return steps;
  }

  /**
   * From the prior's mean to a minimum.
   *
   * @param tolerance of the squared decrement g' H^-1 g, relative to the objective: the square of
   *     the distance left, in the posterior's standard deviations
   */
  void minimize(double tolerance) {
    toPriorMean();
    double atPrior = point.value;
    objective.gradient(point, gradient);
    curvature.take(start, objective.size());
    double previous = Double.POSITIVE_INFINITY;
    boolean slow = false;
    boolean exactBefore = false;
    settled = false;
    for (steps = 0; steps < MAX_STEPS; steps++) {
      double decrement = direction();
      double magnitude = 1 + Math.abs(point.value);
      if (decrement <= tolerance * magnitude) {
        break;
      }
      boolean settles = !settled && decrement <= SETTLED * magnitude;
      boolean exact = slow || settles || !(decrement <= SLOW * previous);
      if (exact) {
        curvature.renew(objective, point);
        settled = decrement <= SETTLED * magnitude;
        decrement = direction();
      }
      boolean close = decrement <= ROUNDING * magnitude;
      if (close && exactBefore && !(decrement <= previous / 4)) {
        break;
      }
      double length = close ? moveFully() : moveDown(decrement);
      if (length == 0 && exact) {
        break;
      }
      slow = length == 0 || !learn(length, decrement);
      previous = decrement;
      exactBefore = exact;
    }
    if (!(point.value <= atPrior)) {
      // Full steps at the rounding level may end an ulp above a start that was optimal already
      toPriorMean();
      settled = false;
    }
  }

  /**
   * The factor of the Hessian's convex part at the point reached, or so near to it that no float
   * would tell. The next minimum overwrites it.
   */
  double[][] posteriorFactor() {
    if (settled && objective.convexAt(point)) {
      return curvature.factor();
    }
    objective.hessian(point, true, start);
    Cholesky.factor(start, objective.size(), objective.priorFactor());
    return start;
  }

  private void toPriorMean() {
    Arrays.fill(point.x, 0);
    objective.evaluate(point);
  }

  /** Sets {@code step}, and returns Newton's decrement squared, g' H^-1 g. */
  private double direction() {
    curvature.step(gradient, step);
    return Rows.dot(gradient, step, 0, objective.size());
  }

  /** The length of the step that went down, 0 if none did. */
  private double moveDown(double decrement) {
    double length = 1;
    for (int halving = 0; halving <= MAX_HALVINGS; halving++, length /= 2) {
      evaluate(length);
      if (candidate.value <= point.value - SUFFICIENT_DECREASE * length * decrement) {
        accept();
        return length;
      }
    }
    return 0;
  }

  private double moveFully() {
    evaluate(1);
    if (!(candidate.value <= point.value + 1e-12 * (1 + Math.abs(point.value)))) {
      return 0;
    }
    accept();
    return 1;
  }

  private void evaluate(double length) {
    for (int j = 0; j < objective.size(); j++) {
      candidate.x[j] = point.x[j] - length * step[j];
    }
    objective.evaluate(candidate);
  }

  private void accept() {
    Point reached = candidate;
    candidate = point;
    point = reached;
  }

  private boolean learn(double length, double decrement) {
    objective.gradient(point, nextGradient);
    boolean learned = curvature.learn(step, length, decrement, gradient, nextGradient);
    double[] before = gradient;
    gradient = nextGradient;
    nextGradient = before;
    return learned;
  }
}
