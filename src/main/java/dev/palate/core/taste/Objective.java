package dev.palate.core.taste;

import java.util.Arrays;
import java.util.List;

/**
 * What the solver minimizes, and its derivatives, in coordinates x in which the shift's prior is
 * {@code x' P x / 2}.
 *
 * <p>Label i enters through its personal margin {@code t_i(x) = o_i + a_i . x}, where {@code o_i =
 * (topM(w_i) + c_i mu) . D_i}, c_i the leeway at the label's prompt. Many labels are taken as they
 * are: {@code x = d - mu}, {@code a_i = c_i D_i}, P is Sigma's inverse. Few labels do not reach all
 * of the space: with {@code R' R = Sigma} and {@code d = mu + R' z}, {@code a_i = c_i R D_i}, P is
 * the identity, and {@link Span} leaves as many coordinates as there are labels. Arrays are reused
 * from user to user and grow.
 */
final class Objective {

  private final PriorShape prior;
  private final Likelihood likelihood;
  private final LabelLoss loss;
  private final int k;
  private final Span span;
  private final LabelOrder order = new LabelOrder();
  private final double[] weights;
  private final double[] scratch;

  private int n;
  private int size;
  private boolean spanned;
  private double[] offsets = {};
  private double[] strengths = {};
  private double[] signs = {};
  private double[][] directions = {};

  /** The directions again, transposed: what margins are summed from. */
  private final double[][] columns;

  Objective(PriorShape prior, Likelihood likelihood) {
    this.prior = prior;
    this.likelihood = likelihood;
    this.loss = new LabelLoss(likelihood);
    this.k = prior.expertCount();
    this.span = new Span(k);
    this.weights = new double[k];
    this.scratch = new double[k];
    this.columns = new double[k][0];
  }

  /**
   * Takes a user's labels, in any order.
   *
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  void load(List<LabelMargin> labels) {
    order.sort(labels, k);
    n = order.size();
    // Nearer to k the turn costs more than it saves
    spanned = 3 * n <= 2 * k;
    size = spanned ? n : k;
    reserve();
    for (int i = 0; i < n; i++) {
      LabelMargin label = order.label(i);
      double[] given = spanned ? scratch : directions[i];
      for (int j = 0; j < k; j++) {
        given[j] = label.margins()[j];
      }
      strengths[i] = label.tie() ? label.strength() / 2 : label.strength();
      signs[i] = 1;
      int shared = likelihood.sharedExperts();
      RoutingWeights.sparsifyInto(weights, label.routing(), likelihood.topM(), shared);
      double base = Rows.dot(weights, given, 0, k);
      double here = RoutingWeights.leewayAt(label.routing(), prior.leeway, shared);
      for (int j = 0; j < k; j++) {
        given[j] *= here;
      }
      offsets[i] = base + Rows.dot(prior.mean, given, 0, k);
      if (spanned) {
        prior.whiten(given, directions[i]);
      }
    }
    if (spanned) {
      span.reduce(directions, n);
    }
    Rows.transpose(directions, n, size, columns);
  }

  private void reserve() {
    loss.reserve(n);
    if (offsets.length < n) {
      int capacity = Math.max(n, 2 * offsets.length);
      offsets = new double[capacity];
      strengths = new double[capacity];
      signs = new double[capacity];
      directions = new double[capacity][k];
      for (int j = 0; j < k; j++) {
        columns[j] = new double[capacity];
      }
    }
  }

  /** A tie is two. */
  int labelCount() {
    return n;
  }

  /** The place in the given list of the label that is i-th here. */
  int place(int i) {
    return order.place(i);
  }

  /** How many coordinates x has: k, or the number of labels where they are few. */
  int size() {
    return size;
  }

  /** Whether some of the shift's directions are out of the reach of x, where the prior stays. */
  boolean spanned() {
    return spanned;
  }

  /** o_i: label i's personal margin at the prior's mean. */
  double offset(int i) {
    return offsets[i];
  }

  double strength(int i) {
    return strengths[i];
  }

  /** a_i, {@code double[size]}. */
  double[] direction(int i) {
    return directions[i];
  }

  /** Coordinate j of all labels' directions, {@code double[n]}. */
  double[] column(int j) {
    return columns[j];
  }

  Likelihood likelihood() {
    return likelihood;
  }

  /** The factor of P. */
  double[][] priorFactor() {
    return spanned ? prior.identity : prior.precisionFactor;
  }

  /** log det P. */
  double priorLogDeterminant() {
    return spanned ? 0 : prior.precisionLogDeterminant;
  }

  /** Swaps chosen and rejected of label i when {@code sign} is -1; 1 is the label as given. */
  void sign(int i, double sign) {
    signs[i] = sign;
  }

  /** Fills in the point from its x. */
  void evaluate(Point point) {
    double[] margins = point.margins;
    System.arraycopy(offsets, 0, margins, 0, n);
    Rows.add(margins, 0, n, point.x, columns, size);
    for (int i = 0; i < n; i++) {
      margins[i] *= signs[i];
    }
    double labelLoss = loss.at(point, n, strengths, signs);
    if (spanned) {
      System.arraycopy(point.x, 0, point.pull, 0, size);
    } else {
      Arrays.fill(point.pull, 0, size, 0);
      Rows.add(point.pull, 0, size, point.x, prior.precision, size);
    }
    point.value = labelLoss + Rows.dot(point.x, point.pull, 0, size) / 2;
  }

  /** Share of the preferences, by strength, whose margin is positive; NaN if all are ties. */
  double agreement(Point point) {
    double agreeing = 0;
    double total = 0;
    for (int i = 0; i < n; i++) {
      if (!order.label(i).tie()) {
        total += strengths[i];
        agreeing += point.margins[i] > 0 ? strengths[i] : 0;
      }
    }
    return agreeing / total;
  }

  /** At an evaluated point, into {@code double[size]}. */
  void gradient(Point point, double[] gradient) {
    System.arraycopy(point.pull, 0, gradient, 0, size);
    Rows.add(gradient, 0, size, point.pulls, directions, n);
  }

  /**
   * Upper triangle of the Hessian at an evaluated point, {@code double[size][size]}.
   *
   * @param convex drops what labels bend downwards, which label noise lets a badly lost label do;
   *     the Hessian is then at least P
   */
  void hessian(Point point, boolean convex, double[][] hessian) {
    double[][] atRest = spanned ? prior.identity : prior.precision;
    for (int j = 0; j < size; j++) {
      System.arraycopy(atRest[j], j, hessian[j], j, size - j);
    }
    double[] bends = point.bends;
    double least = convex ? 0 : Double.NEGATIVE_INFINITY;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      double[] a0 = directions[i];
      double[] a1 = directions[i + 1];
      double[] a2 = directions[i + 2];
      double[] a3 = directions[i + 3];
      double bend0 = Math.max(bends[i], least);
      double bend1 = Math.max(bends[i + 1], least);
      double bend2 = Math.max(bends[i + 2], least);
      double bend3 = Math.max(bends[i + 3], least);
      // Where labels span the space, direction i ends with coordinate i
      int end = spanned ? i + 4 : size;
      for (int j = 0; j < end; j++) {
        Rows.addFour(
            hessian[j],
            j,
            end,
            bend0 * a0[j],
            a0,
            bend1 * a1[j],
            a1,
            bend2 * a2[j],
            a2,
            bend3 * a3[j],
            a3);
      }
    }
    for (; i < n; i++) {
      double[] a = directions[i];
      double bend = Math.max(bends[i], least);
      int end = spanned ? i + 1 : size;
      for (int j = 0; j < end; j++) {
        Rows.addOne(hessian[j], j, end, bend * a[j], a);
      }
    }
  }

  /**
   * The Hessian's convex part with nothing of the labels beside the diagonal: n size instead of n
   * size^2 / 2 multiplications.
   */
  void roughHessian(Point point, double[][] hessian) {
    double[][] atRest = spanned ? prior.identity : prior.precision;
    Arrays.fill(scratch, 0, size, 0);
    for (int i = 0; i < n; i++) {
      double bend = Math.max(point.bends[i], 0);
      double[] a = directions[i];
      for (int j = 0; j < size; j++) {
        scratch[j] += bend * (a[j] * a[j]);
      }
    }
    for (int j = 0; j < size; j++) {
      System.arraycopy(atRest[j], j, hessian[j], j, size - j);
      hessian[j][j] += scratch[j];
    }
  }

  /** Whether no label bends the loss downwards at an evaluated point. */
  boolean convexAt(Point point) {
    for (int i = 0; i < n; i++) {
      if (point.bends[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /** d of x, into {@code double[k]}. */
  void shift(double[] x, double[] shift) {
    System.arraycopy(prior.mean, 0, shift, 0, k);
    if (spanned) {
      Arrays.fill(scratch, 0);
      span.expand(x, scratch, n);
      Rows.addUpper(shift, scratch, prior.whitening, k);
    } else {
      Rows.addOne(shift, 0, k, 1, x);
    }
  }

  /** {@code double[size][k]}: by how much x_i moves each expert's shift. */
  void sensitivity(double[][] rows) {
    for (int i = 0; i < size; i++) {
      Arrays.fill(rows[i], 0, k, 0);
      if (spanned) {
        Rows.addUpper(rows[i], span.axis(i), prior.whitening, k);
      } else {
        rows[i][i] = 1;
      }
    }
  }
}
