package dev.palate.core.taste;

import java.util.List;

/**
 * MODEL.md's objective written out as it stands, in d itself and with the inverse of Sigma, and a
 * minimizer of it that shares nothing with the solver: accelerated gradient descent.
 */
final class Reference {

  private final Prior prior;
  private final Likelihood likelihood;
  private final List<LabelMargin> labels;
  private final double[][] precision;
  private final int k;

  Reference(Prior prior, Likelihood likelihood, List<LabelMargin> labels) {
    this.prior = prior;
    this.likelihood = likelihood;
    this.labels = labels;
    this.k = prior.mean().length;
    this.precision = inverse(prior.covariance());
  }

  double objective(double[] d) {
    double sum = 0;
    for (LabelMargin label : labels) {
      sum -= label.strength() * Math.log(probability(label, d));
    }
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        sum += precision[i][j] * (d[i] - prior.mean()[i]) * (d[j] - prior.mean()[j]) / 2;
      }
    }
    return sum;
  }

  double probability(LabelMargin label, double[] d) {
    double e = likelihood.labelNoise();
    return e + (1 - 2 * e) / (1 + Math.exp(-likelihood.scale() * margin(label, d)));
  }

  double margin(LabelMargin label, double[] d) {
    double[] weights =
        RoutingWeights.sparsify(label.routing(), likelihood.topM(), likelihood.sharedExperts());
    double margin = 0;
    for (int j = 0; j < k; j++) {
      margin += (weights[j] + reach(label) * d[j]) * label.margins()[j];
    }
    return margin;
  }

  private double reach(LabelMargin label) {
    int routed = k - likelihood.sharedExperts();
    double reach = routed == 0 ? 1 : 0;
    for (int j = 0; j < routed; j++) {
      reach += label.routing()[j] * prior.leeway()[j];
    }
    return reach;
  }

  double[] gradient(double[] d) {
    double[] gradient = new double[k];
    double e = likelihood.labelNoise();
    for (LabelMargin label : labels) {
      double win = 1 / (1 + Math.exp(-likelihood.scale() * margin(label, d)));
      double slope = (1 - 2 * e) * likelihood.scale() * win * (1 - win);
      for (int j = 0; j < k; j++) {
        double pull = label.strength() * slope / (e + (1 - 2 * e) * win);
        gradient[j] -= pull * reach(label) * label.margins()[j];
      }
    }
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        gradient[i] += precision[i][j] * (d[j] - prior.mean()[j]);
      }
    }
    return gradient;
  }

  /** Second derivatives by d, without label noise. */
  double[][] hessian(double[] d) {
    double[][] hessian = new double[k][];
    for (int i = 0; i < k; i++) {
      hessian[i] = precision[i].clone();
    }
    for (LabelMargin label : labels) {
      double win = 1 / (1 + Math.exp(-likelihood.scale() * margin(label, d)));
      double bend = label.strength() * likelihood.scale() * likelihood.scale() * win * (1 - win);
      bend *= reach(label) * reach(label);
      for (int i = 0; i < k; i++) {
        for (int j = 0; j < k; j++) {
          hessian[i][j] += bend * label.margins()[i] * label.margins()[j];
        }
      }
    }
    return hessian;
  }

  /** Nesterov's method with restarts, for a convex problem (no label noise). */
  double[] minimize() {
    double curvature = norm(precision);
    for (LabelMargin label : labels) {
      double square = 0;
      for (float margin : label.margins()) {
        square += (double) margin * margin;
      }
      curvature += label.strength() * likelihood.scale() * likelihood.scale() * square / 4;
    }
    double[] d = prior.mean().clone();
    double[] ahead = d.clone();
    double momentum = 1;
    for (int step = 0; step < 200_000; step++) {
      double[] gradient = gradient(ahead);
      double[] next = new double[k];
      double turn = 0;
      double size = 0;
      for (int j = 0; j < k; j++) {
        next[j] = ahead[j] - gradient[j] / curvature;
        turn += gradient[j] * (next[j] - d[j]);
        size += gradient[j] * gradient[j];
      }
      if (size < 1e-26) {
        return next;
      }
      double nextMomentum = turn > 0 ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
      for (int j = 0; j < k; j++) {
        ahead[j] = next[j] + (turn > 0 ? 0 : (momentum - 1) / nextMomentum) * (next[j] - d[j]);
      }
      momentum = nextMomentum;
      d = next;
    }
    return d;
  }

  /** Gauss-Jordan, without pivoting: the matrix is positive definite. */
  static double[][] inverse(double[][] matrix) {
    int k = matrix.length;
    double[][] left = new double[k][];
    double[][] right = new double[k][k];
    for (int i = 0; i < k; i++) {
      left[i] = matrix[i].clone();
      right[i][i] = 1;
    }
    for (int pivot = 0; pivot < k; pivot++) {
      double by = left[pivot][pivot];
      for (int j = 0; j < k; j++) {
        left[pivot][j] /= by;
        right[pivot][j] /= by;
      }
      for (int i = 0; i < k; i++) {
        double times = i == pivot ? 0 : left[i][pivot];
        for (int j = 0; j < k; j++) {
          left[i][j] -= times * left[pivot][j];
          right[i][j] -= times * right[pivot][j];
        }
      }
    }
    return right;
  }

  private static double norm(double[][] matrix) {
    double sum = 0;
    for (double[] row : matrix) {
      for (double value : row) {
        sum += value * value;
      }
    }
    return Math.sqrt(sum);
  }
}
