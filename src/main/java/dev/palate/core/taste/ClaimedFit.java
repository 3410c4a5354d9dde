package dev.palate.core.taste;

import java.util.Arrays;

/**
 * The labels' margins when the experts claimed so far may shift as the labels want and no other
 * does: maximum likelihood by Fisher scoring with halved steps, under a prior so wide that it only
 * keeps a taste without exceptions finite.
 */
final class ClaimedFit {

  private static final int MAX_STEPS = 30;
  private static final int MAX_HALVINGS = 20;
  private static final double CONVERGED = 1e-9;

  private final Likelihood likelihood;
  private final double[][] information;
  private final double[] gradient;
  private double[] shift;
  private double[] tried;
  private double[] margins = {};
  private double[] slopes = {};
  private double[] curvatures = {};

  ClaimedFit(Likelihood likelihood, int experts) {
    this.likelihood = likelihood;
    this.information = new double[experts][experts];
    this.gradient = new double[experts];
    this.shift = new double[experts];
    this.tried = new double[experts];
  }

  /**
   * @param columns of the claimed experts, the first {@code count}
   * @param precisions of their wide priors
   * @return margins, {@code double[n or more]}, overwritten by the next fit
   */
  double[] margins(Preferences labels, double[][] columns, double[] precisions, int count) {
    int n = labels.count();
    if (margins.length < n) {
      margins = new double[Math.max(n, 2 * margins.length)];
      slopes = new double[margins.length];
      curvatures = new double[margins.length];
    }
    Arrays.fill(shift, 0, count, 0);
    double value = evaluate(labels, columns, precisions, count, shift);
    for (int step = 0; step < MAX_STEPS && count > 0; step++) {
      double decrement = direction(labels, columns, precisions, count);
      if (!(decrement > CONVERGED)) {
        break;
      }
      double length = 1;
      double reached = Double.NEGATIVE_INFINITY;
      for (int halving = 0; halving <= MAX_HALVINGS && !(reached > value); halving++) {
        for (int c = 0; c < count; c++) {
          tried[c] = shift[c] + length * gradient[c];
        }
        reached = evaluate(labels, columns, precisions, count, tried);
        length /= 2;
      }
      if (!(reached > value)) {
        evaluate(labels, columns, precisions, count, shift);
        break;
      }
      value = reached;
      double[] before = shift;
      shift = tried;
      tried = before;
    }
    return margins;
  }

  /** The penalized log-likelihood; sets margins and the derivatives by them. */
  private double evaluate(
      Preferences labels, double[][] columns, double[] precisions, int count, double[] at) {
    int n = labels.count();
    double s = likelihood.scale();
    double e = likelihood.labelNoise();
    System.arraycopy(labels.bases(), 0, margins, 0, n);
    Rows.add(margins, 0, n, at, columns, count);
    double value = 0;
    for (int i = 0; i < n; i++) {
      double won = Likelihood.sigmoid(s * margins[i]);
      double lost = Likelihood.sigmoid(-s * margins[i]);
      double strength = labels.strengths()[i];
      double slope = s * (1 - 2 * e) * won * lost;
      double p = e + (1 - 2 * e) * won;
      slopes[i] = strength * (e == 0 ? s * lost : slope / p);
      curvatures[i] = e == 0 ? strength * s * slope : strength * slope * slope / (p * (1 - p));
      value += strength * likelihood.logProbability(margins[i]);
    }
    for (int c = 0; c < count; c++) {
      value -= precisions[c] * at[c] * at[c] / 2;
    }
    return value;
  }

  /** The step of Fisher scoring, into {@code gradient}; returns its decrement squared. */
  private double direction(Preferences labels, double[][] columns, double[] precisions, int count) {
    int n = labels.count();
    for (int c = 0; c < count; c++) {
      double[] x = columns[c];
      gradient[c] = Rows.dot(x, slopes, 0, n) - precisions[c] * shift[c];
      for (int b = 0; b <= c; b++) {
        double sum = b == c ? precisions[c] : 0;
        for (int i = 0; i < n; i++) {
          sum += curvatures[i] * (x[i] * columns[b][i]);
        }
        information[b][c] = sum;
      }
    }
    if (!Cholesky.factor(information, count, null)) {
      return 0;
    }
    Cholesky.forward(information, count, gradient);
    double decrement = Rows.dot(gradient, gradient, 0, count);
    Cholesky.backward(information, count, gradient);
    return decrement;
  }
}
