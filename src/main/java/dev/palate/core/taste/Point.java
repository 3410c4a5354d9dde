package dev.palate.core.taste;

/**
 * A point x and what the labels say there; {@link Objective#evaluate} fills it in. Arrays may be
 * longer than the problem.
 */
final class Point {

  /** In the coordinates of the {@link Objective}. */
  double[] x;

  /** P x: how the prior enters the gradient. */
  final double[] pull;

  /** t_i: how far label i is won, as it is signed. */
  double[] margins = {};

  /** By how much a_i enters the gradient: the loss's derivative by a_i . x. */
  double[] pulls = {};

  /** The loss's second derivative by a_i . x; negative where a label is written off as noise. */
  double[] bends = {};

  /** Loss plus prior. */
  double value;

  Point(int k) {
    this.x = new double[k];
    this.pull = new double[k];
  }

  void reserve(int labels) {
    if (margins.length < labels) {
      int capacity = Math.max(labels, 2 * margins.length);
      margins = new double[capacity];
      pulls = new double[capacity];
      bends = new double[capacity];
    }
  }
}
