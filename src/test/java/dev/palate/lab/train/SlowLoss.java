package dev.palate.lab.train;

/** The objective of MODEL.md as plain loops in double precision: the reference for autograd. */
record SlowLoss(Batches.Batch batch, MoeLoss.Strengths strengths, int d, int h, int f, int k) {

  double at(double[][] tensors) {
    return at(tensors, -1, 0);
  }

  /** With one number of the shifts moved. */
  private double at(double[][] tensors, int moved, double by) {
    double loss = 0;
    double[] usage = new double[k];
    for (int i = 0; i < batch.size(); i++) {
      double c = batch.weights()[i];
      double[] w = routing(tensors, i);
      double margin = 0;
      double shifted = 0;
      double size = 0;
      double entropy = 0;
      for (int e = 0; e < k; e++) {
        double expertMargin =
            reward(tensors, e, batch.chosen(), i) - reward(tensors, e, batch.rejected(), i);
        double shift = batch.shifts()[i * k + e] + (i * k + e == moved ? by : 0);
        margin += w[e] * expertMargin;
        shifted += (w[e] + shift) * expertMargin;
        size += shift * shift;
        entropy -= w[e] * Math.log(w[e]);
        usage[e] += c * w[e];
      }
      double p = strengths.personal();
      loss += c * (1 - p) * Math.log(1 + Math.exp(-margin));
      loss += c * p * Math.log(1 + Math.exp(-shifted));
      loss += c * (p > 0 ? strengths.shift() / 2 * size * batch.shares()[i] : 0);
      loss += c * strengths.local() * entropy / Math.log(k);
    }
    double usageEntropy = 0;
    for (double u : usage) {
      usageEntropy -= u * Math.log(u);
    }
    loss += strengths.global() * (1 - usageEntropy / Math.log(k));
    double squares = 0;
    for (double v : tensors[4]) {
      squares += v * v;
    }
    return loss + strengths.diversity() * likeness(tensors[4]) + strengths.l2() / 2 * squares;
  }

  private double reward(double[][] tensors, int e, float[] responses, int i) {
    double reward = 0;
    for (int j = 0; j < d; j++) {
      reward += tensors[4][e * (d + f) + j] * responses[i * d + j];
    }
    for (int a = 0; a < f; a++) {
      double feature = tensors[6][a];
      for (int j = 0; j < d; j++) {
        feature += tensors[5][a * d + j] * responses[i * d + j];
      }
      reward += tensors[4][e * (d + f) + d + a] * Math.max(0, feature);
    }
    return reward;
  }

  private double[] routing(double[][] tensors, int i) {
    double[] w = tensors[3].clone();
    for (int a = 0; a < h; a++) {
      double hidden = tensors[1][a];
      for (int j = 0; j < d; j++) {
        hidden += tensors[0][a * d + j] * batch.prompts()[i * d + j];
      }
      for (int e = 0; e < k; e++) {
        w[e] += tensors[2][e * h + a] * Math.max(0, hidden);
      }
    }
    double sum = 0;
    for (int e = 0; e < k; e++) {
      w[e] = Math.exp(w[e]);
      sum += w[e];
    }
    for (int e = 0; e < k; e++) {
      w[e] /= sum;
    }
    return w;
  }

  private double likeness(double[] v) {
    int read = d + f;
    double[] mean = new double[read];
    for (int i = 0; i < v.length; i++) {
      mean[i % read] += v[i] / k;
    }
    double sum = 0;
    for (int a = 0; a < k; a++) {
      for (int b = 0; b < k; b++) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int j = 0; j < read; j++) {
          double x = v[a * read + j] - mean[j];
          double y = v[b * read + j] - mean[j];
          ab += x * y;
          aa += x * x;
          bb += y * y;
        }
        sum += a == b ? 0 : ab * ab / (aa * bb);
      }
    }
    return sum / (k * (k - 1));
  }

  /** A central difference along one number. */
  double slope(double[][] point, int tensor, int j) {
    double step = 1e-5;
    double value = point[tensor][j];
    point[tensor][j] = value + step;
    double above = at(point);
    point[tensor][j] = value - step;
    double below = at(point);
    point[tensor][j] = value;
    return (above - below) / (2 * step);
  }

  /** The same along one number of the shifts. */
  double shiftSlope(double[][] point, int j) {
    double step = 1e-5;
    return (at(point, j, step) - at(point, j, -step)) / (2 * step);
  }

  static double[][] doubles(float[][] tensors) {
    double[][] copies = new double[tensors.length][];
    for (int i = 0; i < tensors.length; i++) {
      copies[i] = new double[tensors[i].length];
      for (int j = 0; j < copies[i].length; j++) {
        copies[i][j] = tensors[i][j];
      }
    }
    return copies;
  }
}
