package dev.palate.taste;

import java.util.Arrays;
import java.util.List;

/**
 * What the solver minimizes, and its derivatives, in whitened coordinates: {@code d = mu + L z}
 * with {@code L L' = Sigma}, so that the prior is {@code |z|^2 / 2} and no inverse of Sigma is
 * needed.
 *
 * <p>Label i enters through its personal margin {@code t_i(z) = o_i + a_i . z}, where {@code o_i =
 * (topM(w_i) + c_i mu) . D_i} and {@code a_i = c_i L' D_i}, c_i the leeway at the label's prompt.
 * Arrays are reused from user to user and grow.
 */
final class Objective {

  private final Prior prior;
  private final double[][] whitening;
  private final Likelihood likelihood;
  private final int k;
  private final double[] routing;

  private int n;
  private double[] offsets = {};
  private double[][] directions = {};
  private double[] strengths = {};
  private double[] signs = {};

  Objective(Prior prior, double[][] whitening, Likelihood likelihood) {
    this.prior = prior;
    this.whitening = whitening;
    this.likelihood = likelihood;
    this.k = prior.expertCount();
    this.routing = new double[k];
  }

  /** Takes a user's labels, already validated and in canonical order. */
  void load(List<LabelMargin> labels) {
    n = labels.size();
    if (offsets.length < n) {
      int capacity = Math.max(n, 2 * offsets.length);
      offsets = new double[capacity];
      strengths = new double[capacity];
      signs = new double[capacity];
      directions = new double[capacity][k];
    }
    for (int i = 0; i < n; i++) {
      LabelMargin label = labels.get(i);
      RoutingWeights.sparsifyInto(routing, label.routing(), likelihood.topM());
      strengths[i] = label.strength();
      signs[i] = 1;
      offsets[i] = 0;
      double[] direction = directions[i];
      Arrays.fill(direction, 0);
      double here = RoutingWeights.leewayAt(label.routing(), prior.leeway());
      for (int j = 0; j < k; j++) {
        double margin = label.margins()[j];
        offsets[i] += (routing[j] + here * prior.mean()[j]) * margin;
        for (int l = 0; l <= j; l++) {
          direction[l] += whitening[j][l] * here * margin;
        }
      }
    }
  }

  int labelCount() {
    return n;
  }

  /** Swaps chosen and rejected of label i when {@code sign} is -1; 1 is the label as given. */
  void sign(int i, double sign) {
    signs[i] = sign;
  }

  /** t_i at z, signed, into {@code margins[0..n)}. */
  void margins(double[] z, double[] margins) {
    for (int i = 0; i < n; i++) {
      double margin = offsets[i];
      double[] direction = directions[i];
      for (int j = 0; j < k; j++) {
        margin += direction[j] * z[j];
      }
      margins[i] = signs[i] * margin;
    }
  }

  /** Loss plus prior, where {@code margins} are those at z. */
  double value(double[] z, double[] margins) {
    double loss = 0;
    for (int i = 0; i < n; i++) {
      loss -= strengths[i] * likelihood.logProbability(margins[i]);
    }
    double square = 0;
    for (int j = 0; j < k; j++) {
      square += z[j] * z[j];
    }
    return loss + square / 2;
  }

  /** Share of the labels, by strength, whose margin is positive. */
  double agreement(double[] margins) {
    double agreeing = 0;
    double total = 0;
    for (int i = 0; i < n; i++) {
      total += strengths[i];
      agreeing += margins[i] > 0 ? strengths[i] : 0;
    }
    return agreeing / total;
  }

  /**
   * Gradient ({@code double[k]}) and lower triangle of the Hessian ({@code double[k][k]}) at the
   * point with these margins.
   *
   * @param convex drops what labels bend downwards, which label noise lets a badly lost label do;
   *     the Hessian is then at least the identity
   */
  void differentiate(
      double[] z, double[] margins, boolean convex, double[] gradient, double[][] hessian) {
    double s = likelihood.scale();
    double e = likelihood.labelNoise();
    System.arraycopy(z, 0, gradient, 0, k);
    for (int j = 0; j < k; j++) {
      Arrays.fill(hessian[j], 0, j, 0);
      hessian[j][j] = 1;
    }
    for (int i = 0; i < n; i++) {
      double won = Likelihood.sigmoid(s * margins[i]);
      double lost = Likelihood.sigmoid(-s * margins[i]);
      // p = e + (1-2e) won; slope = p'/p and bend = (p'/p)^2 - p''/p, both over powers of s
      double slope = e == 0 ? lost : (1 - 2 * e) * won * lost / (e + (1 - 2 * e) * won);
      double bend = e == 0 ? won * lost : slope * (slope - (lost - won));
      double pull = -strengths[i] * s * slope * signs[i];
      double curvature = strengths[i] * s * s * (convex ? Math.max(bend, 0) : bend);
      addOuterProduct(hessian, curvature, directions[i]);
      for (int j = 0; j < k; j++) {
        gradient[j] += pull * directions[i][j];
      }
    }
  }

  /** The hot loop. Both arrays run on one index, which lets the compiler use vectors. */
  private static void addOuterProduct(double[][] hessian, double curvature, double[] direction) {
    for (int j = 0; j < direction.length; j++) {
      double[] row = hessian[j];
      double scaled = curvature * direction[j];
      for (int l = 0; l <= j; l++) {
        row[l] += scaled * direction[l];
      }
    }
  }
}
