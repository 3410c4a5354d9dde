package dev.palate.taste;

import java.util.Arrays;
import java.util.List;

/**
 * What the solver minimizes, and its derivatives, in coordinates in which the prior is {@code |z|^2
 * / 2}: no inverse of Sigma is needed.
 *
 * <p>Label i enters through its personal margin {@code t_i(z) = o_i + a_i . z}, where {@code o_i =
 * (topM(w_i) + mu) . D_i}. With {@code R' R = Sigma} and {@code d = mu + R' z}, {@code a_i = R
 * D_i}; where labels are few, {@link Span} turns the coordinates further so that only as many are
 * left as there are labels. Arrays are reused from user to user and grow.
 */
final class Objective {

  private final double[] mean;
  private final double[][] whitening;
  private final double[][] whiteningTransposed;
  private final Likelihood likelihood;
  private final int k;
  private final Span span;
  private final LabelOrder order = new LabelOrder();
  private final double[] routing;
  private final double[] given;

  private int n;
  private int size;
  private boolean spanned;
  private double[] offsets = {};
  private double[] strengths = {};
  private double[] signs = {};
  private double[][] directions = {};

  /** The directions again, transposed: what margins are summed from. */
  private final double[][] columns;

  /**
   * @param whitening R, upper triangle of {@code double[k][k]}, zero below
   */
  Objective(double[] mean, double[][] whitening, Likelihood likelihood) {
    this.mean = mean;
    this.whitening = whitening;
    this.likelihood = likelihood;
    this.k = mean.length;
    this.whiteningTransposed = new double[k][k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        whiteningTransposed[j][i] = whitening[i][j];
      }
    }
    this.span = new Span(k);
    this.routing = new double[k];
    this.given = new double[k];
    this.columns = new double[k][];
    Arrays.fill(columns, given);
  }

  /**
   * Takes a user's labels, in any order.
   *
   * @throws IllegalArgumentException naming the label's field that is not as described
   */
  void load(List<LabelMargin> labels) {
    n = labels.size();
    reserve();
    order.sort(labels, k);
    for (int i = 0; i < n; i++) {
      LabelMargin label = labels.get(order.at(i));
      strengths[i] = label.strength();
      signs[i] = 1;
      offsets[i] = offset(label);
      whiten(directions[i]);
    }
    // Below this the turn costs more than it saves
    spanned = 3 * n <= 2 * k;
    size = spanned ? n : k;
    if (spanned) {
      span.reduce(directions, n);
    }
    for (int i = 0; i < n; i++) {
      double[] direction = directions[i];
      for (int j = 0; j < size; j++) {
        columns[j][i] = direction[j];
      }
    }
  }

  private void reserve() {
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

  /** Sets {@code given} to D_i. */
  private double offset(LabelMargin label) {
    float[] margins = label.margins();
    RoutingWeights.sparsifyInto(routing, label.routing(), likelihood.topM());
    double offset = 0;
    for (int j = 0; j < k; j++) {
      given[j] = margins[j];
      offset += (routing[j] + mean[j]) * given[j];
    }
    return offset;
  }

  /** R D_i, a row of R' for each expert. */
  private void whiten(double[] direction) {
    Arrays.fill(direction, 0);
    int j = 0;
    for (; j + 3 < k; j += 4) {
      Rows.addFour(
          direction,
          0,
          j + 4,
          given[j],
          whiteningTransposed[j],
          given[j + 1],
          whiteningTransposed[j + 1],
          given[j + 2],
          whiteningTransposed[j + 2],
          given[j + 3],
          whiteningTransposed[j + 3]);
    }
    for (; j < k; j++) {
      Rows.addOne(direction, 0, j + 1, given[j], whiteningTransposed[j]);
    }
  }

  int labelCount() {
    return n;
  }

  /** How many coordinates z has: k, or the number of labels where they are few. */
  int size() {
    return size;
  }

  /** Swaps chosen and rejected of label i when {@code sign} is -1; 1 is the label as given. */
  void sign(int i, double sign) {
    signs[i] = sign;
  }

  /** Fills in the point from its z. */
  void evaluate(Point point) {
    double[] margins = point.margins;
    System.arraycopy(offsets, 0, margins, 0, n);
    Rows.add(margins, 0, n, point.z, columns, size);
    double s = likelihood.scale();
    double e = likelihood.labelNoise();
    double loss = 0;
    for (int i = 0; i < n; i++) {
      double margin = signs[i] * margins[i];
      double x = s * margin;
      double small = PlainMath.exp(-Math.abs(x));
      double share = 1 / (1 + small);
      double won = x >= 0 ? share : small * share;
      double lost = x >= 0 ? small * share : share;
      double logProbability;
      double slope;
      double bend;
      if (e == 0) {
        logProbability = Math.min(x, 0) - PlainMath.log1p(small);
        slope = lost;
        bend = won * lost;
      } else {
        // p = e + (1-2e) won; slope = p'/p and bend = (p'/p)^2 - p''/p, both over powers of s
        double p = e + (1 - 2 * e) * won;
        logProbability = PlainMath.log(p);
        slope = (1 - 2 * e) * won * lost / p;
        bend = slope * (slope - (lost - won));
      }
      margins[i] = margin;
      point.pulls[i] = -strengths[i] * s * slope * signs[i];
      point.bends[i] = strengths[i] * s * s * bend;
      loss -= strengths[i] * logProbability;
    }
    point.value = loss + Rows.dot(point.z, point.z, 0, size) / 2;
  }

  /** Share of the labels, by strength, whose margin is positive. */
  double agreement(Point point) {
    double agreeing = 0;
    double total = 0;
    for (int i = 0; i < n; i++) {
      total += strengths[i];
      agreeing += point.margins[i] > 0 ? strengths[i] : 0;
    }
    return agreeing / total;
  }

  /** At an evaluated point, into {@code double[size]}. */
  void gradient(Point point, double[] gradient) {
    System.arraycopy(point.z, 0, gradient, 0, size);
    Rows.add(gradient, 0, size, point.pulls, directions, n);
  }

  /**
   * Upper triangle of the Hessian at an evaluated point, {@code double[size][size]}.
   *
   * @param convex drops what labels bend downwards, which label noise lets a badly lost label do;
   *     the Hessian is then at least the identity
   */
  void hessian(Point point, boolean convex, double[][] hessian) {
    for (int j = 0; j < size; j++) {
      Arrays.fill(hessian[j], j, size, 0);
      hessian[j][j] = 1;
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

  /** d = mu + R' z. */
  void shift(double[] z, double[] shift) {
    System.arraycopy(mean, 0, shift, 0, k);
    if (spanned) {
      Arrays.fill(given, 0);
      span.expand(z, given, n);
    } else {
      System.arraycopy(z, 0, given, 0, k);
    }
    Rows.add(shift, 0, k, given, whitening, k);
  }

  /**
   * R, turned into the coordinates of z: {@code double[size][k]} of which column j is what d_j
   * feels of z.
   */
  void sensitivity(double[][] rows) {
    for (int i = 0; i < size; i++) {
      if (spanned) {
        Arrays.fill(rows[i], 0, k, 0);
        Rows.add(rows[i], 0, k, span.axis(i), whitening, k);
      } else {
        System.arraycopy(whitening[i], 0, rows[i], 0, k);
      }
    }
  }

  /** Whether some of the shift's directions are out of the reach of z, where the prior stays. */
  boolean spanned() {
    return spanned;
  }
}
