package dev.palate.core.taste;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Limited-memory BFGS as the textbook has it (Nocedal and Wright, Numerical Optimization, 2nd
 * edition, algorithms 7.4 and 7.5): the method that a general library would bring. Ten pairs, the
 * scaled identity as first Hessian, backtracking from a unit step until Armijo's condition holds.
 */
final class Lbfgs {

  private static final int MEMORY = 10;
  private static final int MAX_STEPS = 1000;
  private static final int MAX_HALVINGS = 60;
  private static final double SUFFICIENT_DECREASE = 1e-4;

  private Lbfgs() {}

  /** A function by its values and gradients. */
  interface Function {

    /** The value at x; sets {@code gradient}. */
    double at(double[] x, double[] gradient);
  }

  private record Pair(double[] step, double[] change, double curvature) {}

  /** A minimizer near {@code start}: largest entry of its gradient at most {@code tolerance}. */
  static double[] minimize(Function function, double[] start, double tolerance) {
    int k = start.length;
    double[] x = start.clone();
    double[] gradient = new double[k];
    double value = function.at(x, gradient);
    ArrayDeque<Pair> pairs = new ArrayDeque<>();
    for (int step = 0; step < MAX_STEPS && largest(gradient) > tolerance; step++) {
      double[] direction = direction(gradient, pairs);
      double slope = dot(direction, gradient);
      double length = pairs.isEmpty() ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
      double[] next = new double[k];
      double[] nextGradient = new double[k];
      double reached = Double.POSITIVE_INFINITY;
      for (int halving = 0; halving < MAX_HALVINGS; halving++, length /= 2) {
        for (int j = 0; j < k; j++) {
          next[j] = x[j] + length * direction[j];
        }
        reached = function.at(next, nextGradient);
        if (reached <= value + SUFFICIENT_DECREASE * length * slope) {
          break;
        }
      }
      if (!(reached <= value)) {
        return x;
      }
      remember(pairs, difference(next, x), difference(nextGradient, gradient));
      x = next;
      gradient = nextGradient;
      value = reached;
    }
    return x;
  }

  private static void remember(ArrayDeque<Pair> pairs, double[] step, double[] change) {
    double curvature = dot(step, change);
    if (curvature > 1e-12 * dot(change, change)) {
      if (pairs.size() == MEMORY) {
        pairs.removeFirst();
      }
      pairs.addLast(new Pair(step, change, curvature));
    }
  }

  /** The two loops, negated. */
  private static double[] direction(double[] gradient, ArrayDeque<Pair> pairs) {
    double[] q = gradient.clone();
    double[] weights = new double[pairs.size()];
    int i = pairs.size();
    for (Iterator<Pair> newest = pairs.descendingIterator(); newest.hasNext(); ) {
      Pair pair = newest.next();
      weights[--i] = dot(pair.step, q) / pair.curvature;
      add(q, -weights[i], pair.change);
    }
    if (!pairs.isEmpty()) {
      Pair last = pairs.getLast();
      scale(q, last.curvature / dot(last.change, last.change));
    }
    for (Pair pair : pairs) {
      add(q, weights[i++] - dot(pair.change, q) / pair.curvature, pair.step);
    }
    scale(q, -1);
    return q;
  }

  private static double largest(double[] x) {
    double largest = 0;
    for (double value : x) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static double[] difference(double[] a, double[] b) {
    double[] difference = new double[a.length];
    for (int j = 0; j < a.length; j++) {
      difference[j] = a[j] - b[j];
    }
    return difference;
  }

  private static void add(double[] to, double times, double[] x) {
    for (int j = 0; j < to.length; j++) {
      to[j] += times * x[j];
    }
  }

  private static void scale(double[] x, double by) {
    for (int j = 0; j < x.length; j++) {
      x[j] *= by;
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }
}
