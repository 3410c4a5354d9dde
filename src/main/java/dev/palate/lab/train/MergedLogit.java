package dev.palate.lab.train;

import dev.palate.core.bundle.Head;
import dev.palate.lab.encode.EncodedPairs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * One row of the router that stands for two. Of all rows c, b it is the one whose routing weight
 * sigma(c . h + b - L), with L the log-sum-exp of the other logits, is closest to w_i + w_j of each
 * prompt in cross-entropy; the rest is shared by the others as before, whatever c and b are. A
 * convex logistic regression with soft targets, solved by Newton's method.
 *
 * @param weights {@code float[h]}
 */
record MergedLogit(float[] weights, float bias) {

  /** Prompts used at most: 129 numbers are well determined by so many. */
  private static final int MOST_PROMPTS = 20_000;

  /** Pull towards the more used expert's own row, so that few prompts cannot bend it. */
  private static final double RIDGE = 1e-4;

  private static final int MOST_STEPS = 50;
  private static final double DONE = 1e-9;

  /** Logistic regression with an offset: target ~ sigma(c . hidden + b - others). */
  private record Problem(
      List<double[]> hidden, double[] others, double[] targets, double[] weights, double[] start) {

    /** Mean cross-entropy and the ridge; c has the bias as its last number. */
    double value(double[] c) {
      double sum = 0;
      for (int i = 0; i < others.length; i++) {
        double z = dot(c, hidden.get(i)) - others[i];
        sum += weights[i] * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - targets[i] * z);
      }
      for (int j = 0; j < c.length; j++) {
        sum += RIDGE / 2 * (c[j] - start[j]) * (c[j] - start[j]);
      }
      return sum;
    }

    /** Newton's direction from c. */
    double[] direction(double[] c) {
      int n = c.length;
      DMatrixRMaj hessian = CommonOps_DDRM.diag(filled(n, RIDGE));
      DMatrixRMaj gradient = new DMatrixRMaj(n, 1);
      for (int j = 0; j < n; j++) {
        gradient.data[j] = RIDGE * (c[j] - start[j]);
      }
      for (int i = 0; i < others.length; i++) {
        double[] h = hidden.get(i);
        double p = 1 / (1 + Math.exp(others[i] - dot(c, h)));
        double slope = weights[i] * (p - targets[i]);
        double curvature = weights[i] * p * (1 - p);
        for (int j = 0; j < n; j++) {
          gradient.data[j] += slope * h[j];
          double row = curvature * h[j];
          for (int l = 0; row != 0 && l < n; l++) {
            hessian.data[j * n + l] += row * h[l];
          }
        }
      }
      DMatrixRMaj direction = new DMatrixRMaj(n, 1);
      if (!CommonOps_DDRM.solve(hessian, gradient, direction)) {
        throw new IllegalStateException("the router's hidden layer is not finite");
      }
      CommonOps_DDRM.scale(-1, direction);
      return direction.data;
    }
  }

  /**
   * @param kept whose row is where the search starts, raised by what the other one adds on average
   */
  static MergedLogit fit(Head head, EncodedPairs pairs, double[] pairWeights, int kept, int gone) {
    Problem problem = problem(head, pairs, pairWeights, kept, gone);
    double[] c = problem.start().clone();
    double value = problem.value(c);
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] direction = problem.direction(c);
      double[] next = moved(c, direction, 1);
      for (double length = 0.5; problem.value(next) > value && length > 1e-6; length /= 2) {
        next = moved(c, direction, length);
      }
      double reached = problem.value(next);
      if (!(reached < value)) {
        break;
      }
      boolean done = value - reached < DONE;
      c = next;
      value = reached;
      if (done) {
        break;
      }
    }
    float[] weights = new float[c.length - 1];
    for (int j = 0; j < weights.length; j++) {
      weights[j] = (float) c[j];
    }
    return new MergedLogit(weights, (float) c[weights.length]);
  }

  private static Problem problem(
      Head head, EncodedPairs pairs, double[] pairWeights, int kept, int gone) {
    Map<Integer, Double> prompts = prompts(pairs, pairWeights);
    double total = prompts.values().stream().mapToDouble(Double::doubleValue).sum();
    List<double[]> hidden = new ArrayList<>();
    double[] others = new double[prompts.size()];
    double[] targets = new double[prompts.size()];
    double[] weights = new double[prompts.size()];
    float[] prompt = new float[pairs.encodings().dimension()];
    double raised = 0;
    for (Map.Entry<Integer, Double> entry : prompts.entrySet()) {
      int i = hidden.size();
      pairs.encodings().copy(entry.getKey(), prompt, 0);
      double[] h = hidden(head, prompt);
      double[] logits = logits(head, h);
      double both = logSumExp(logits[kept], logits[gone]);
      hidden.add(h);
      others[i] = others(logits, kept, gone);
      targets[i] = 1 / (1 + Math.exp(others[i] - both));
      weights[i] = entry.getValue() / total;
      raised += weights[i] * (both - logits[kept]);
    }
    double[] start = new double[head.routerHidden().length + 1];
    for (int j = 0; j < start.length - 1; j++) {
      start[j] = head.routerOut()[kept][j];
    }
    start[start.length - 1] = head.routerOutBias()[kept] + raised;
    return new Problem(hidden, others, targets, weights, start);
  }

  /** Each prompt's row and the weight of its pairs; of many prompts, evenly spread ones. */
  private static Map<Integer, Double> prompts(EncodedPairs pairs, double[] weights) {
    int stride = Math.ceilDiv(pairs.size(), MOST_PROMPTS);
    Map<Integer, Double> prompts = new LinkedHashMap<>();
    for (int i = 0; i < pairs.size(); i += stride) {
      prompts.merge(pairs.prompts()[i], weights[i], Double::sum);
    }
    return prompts;
  }

  /** relu(W1 p + b1) and a 1 for the bias. */
  private static double[] hidden(Head head, float[] prompt) {
    double[] hidden = new double[head.routerHidden().length + 1];
    for (int a = 0; a < hidden.length - 1; a++) {
      double sum = head.routerHiddenBias()[a];
      for (int j = 0; j < prompt.length; j++) {
        sum += (double) head.routerHidden()[a][j] * prompt[j];
      }
      hidden[a] = Math.max(0, sum);
    }
    hidden[hidden.length - 1] = 1;
    return hidden;
  }

  private static double[] logits(Head head, double[] hidden) {
    double[] logits = new double[head.expertCount()];
    for (int k = 0; k < logits.length; k++) {
      logits[k] = head.routerOutBias()[k];
      for (int a = 0; a < hidden.length - 1; a++) {
        logits[k] += head.routerOut()[k][a] * hidden[a];
      }
    }
    return logits;
  }

  private static double others(double[] logits, int kept, int gone) {
    double sum = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < logits.length; k++) {
      sum = k == kept || k == gone ? sum : logSumExp(sum, logits[k]);
    }
    return sum;
  }

  private static double logSumExp(double a, double b) {
    double max = Math.max(a, b);
    return max + Math.log1p(Math.exp(Math.min(a, b) - max));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  private static double[] moved(double[] from, double[] direction, double length) {
    double[] to = new double[from.length];
    for (int j = 0; j < to.length; j++) {
      to[j] = from[j] + length * direction[j];
    }
    return to;
  }

  private static double[] filled(int n, double value) {
    double[] values = new double[n];
    Arrays.fill(values, value);
    return values;
  }
}
