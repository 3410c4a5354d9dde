package dev.palate.taste;

/**
 * A point z and what the labels say there; {@link Objective#evaluate} fills it in. Arrays may be
 * longer than the problem.
 */
final class Point {

  /** In the coordinates of the {@link Objective}. */
  double[] z;

  /** t_i: how far label i is won, as it is signed. */
  double[] margins = {};

  /** By how much a_i enters the gradient: the loss's derivative by a_i . z. */
  double[] pulls = {};

  /** The loss's second derivative by a_i . z; negative where a label is written off as noise. */
  double[] bends = {};

  /** Loss plus prior. */
  double value;

  Point(int k) {
    this.z = new double[k];
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
