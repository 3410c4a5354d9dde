package dev.palate.core.taste;

/**
 * What is known of the Hessian H on the way to a minimum: an exact factor from some point, and how
 * the gradient changed on the steps since, by which it is corrected (BFGS). With size coordinates a
 * factor costs {@code n size^2 / 2 + size^3 / 6} multiplications, a step's correction {@code 4
 * size}.
 *
 * <p>Source: Nocedal and Wright, Numerical Optimization, 2nd edition, algorithm 7.4, with {@code
 * H_0} the factor.
 */
final class Curvature {

  private static final int CAPACITY = 24;

  /** A change of slope along a step below this share of what was expected teaches nothing. */
  private static final double LEAST_CHANGE = 1e-3;

  private final double[][] own;
  private double[][] factor;
  private int size;

  private int learned;
  private final double[][] steps;
  private final double[][] changes;
  private final double[] products = new double[CAPACITY];
  private final double[] weights = new double[CAPACITY];

  Curvature(int k) {
    this.own = new double[k][k];
    this.factor = own;
    this.steps = new double[CAPACITY][k];
    this.changes = new double[CAPACITY][k];
  }

  /** Starts from a factor made elsewhere, which is only read. */
  void take(double[][] factored, int size) {
    this.factor = factored;
    this.size = size;
    learned = 0;
  }

  /** Starts again from the Hessian where it is positive definite, else from its convex part. */
  void renew(Objective objective, Point point) {
    size = objective.size();
    factor = own;
    learned = 0;
    objective.hessian(point, false, own);
    if (!Cholesky.factor(own, size, null)) {
      objective.hessian(point, true, own);
      Cholesky.factor(own, size, objective.priorFactor());
    }
  }

  /** The factor, without what was learned since. */
  double[][] factor() {
    return factor;
  }

  /** H^-1 times the gradient, into {@code step}. */
  void step(double[] gradient, double[] step) {
    System.arraycopy(gradient, 0, step, 0, size);
    for (int i = learned - 1; i >= 0; i--) {
      weights[i] = Rows.dot(steps[i], step, 0, size) / products[i];
      Rows.addOne(step, 0, size, -weights[i], changes[i]);
    }
    Cholesky.forward(factor, size, step);
    Cholesky.backward(factor, size, step);
    for (int i = 0; i < learned; i++) {
      double back = Rows.dot(changes[i], step, 0, size) / products[i];
      Rows.addOne(step, 0, size, weights[i] - back, steps[i]);
    }
  }

  /**
   * Corrects by a step {@code -length * step} that was taken and the gradients on both sides of it.
   *
   * @return false if it taught nothing: there is no room, or the slope did not grow as it does
   *     where the objective is convex
   */
  boolean learn(double[] step, double length, double decrement, double[] before, double[] after) {
    if (learned == CAPACITY) {
      return false;
    }
    double[] taken = steps[learned];
    double[] change = changes[learned];
    for (int j = 0; j < size; j++) {
      taken[j] = -length * step[j];
      change[j] = after[j] - before[j];
    }
    double product = Rows.dot(taken, change, 0, size);
    if (!(product > LEAST_CHANGE * length * length * decrement)) {
      return false;
    }
    products[learned++] = product;
    return true;
  }
}
