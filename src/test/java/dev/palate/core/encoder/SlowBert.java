package dev.palate.core.encoder;

import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.Tensor;
import java.util.Map;
import java.util.Objects;

/** BERT as its paper has it, one token after the other, in doubles. */
final class SlowBert {
  private final Map<String, Tensor> tensors;
  private final int layers;
  private final int heads;
  private final double epsilon;

  SlowBert(Map<String, Tensor> tensors, int layers, int heads, double epsilon) {
    this.tensors = tensors;
    this.layers = layers;
    this.heads = heads;
    this.epsilon = epsilon;
  }

  /** The pooled states of a sequence, scaled to length 1. */
  double[] embed(int[] ids, EncoderSpec.Pooling pooling) {
    double[][] states = states(ids);
    double[] pooled = states[0].clone();
    if (pooling == EncoderSpec.Pooling.MEAN) {
      for (int j = 0; j < pooled.length; j++) {
        pooled[j] = 0;
        for (double[] state : states) {
          pooled[j] += state[j] / states.length;
        }
      }
    }
    double length = Math.sqrt(dot(pooled, pooled, 0, pooled.length));
    for (int j = 0; j < pooled.length; j++) {
      pooled[j] /= length;
    }
    return pooled;
  }

  /** The states after a layer, counted from 1, each scaled to length 1. */
  double[][] states(int[] ids, int layer) {
    double[][] states = after(ids, layer);
    for (double[] state : states) {
      double length = Math.sqrt(dot(state, state, 0, state.length));
      for (int j = 0; j < state.length; j++) {
        state[j] /= length;
      }
    }
    return states;
  }

  private double[][] states(int[] ids) {
    return after(ids, layers);
  }

  private double[][] after(int[] ids, int count) {
    double[][] x = new double[ids.length][];
    for (int t = 0; t < ids.length; t++) {
      double[] word = row("embeddings.word_embeddings.weight", ids[t]);
      double[] position = row("embeddings.position_embeddings.weight", t);
      double[] type = row("embeddings.token_type_embeddings.weight", 0);
      x[t] = norm(plus(plus(word, position), type), "embeddings.LayerNorm");
    }
    for (int i = 0; i < count; i++) {
      x = layer(x, "encoder.layer." + i + ".");
    }
    return x;
  }

  private double[][] layer(double[][] x, String name) {
    int n = x.length;
    double[][] q = new double[n][];
    double[][] k = new double[n][];
    double[][] v = new double[n][];
    for (int t = 0; t < n; t++) {
      q[t] = linear(x[t], name + "attention.self.query");
      k[t] = linear(x[t], name + "attention.self.key");
      v[t] = linear(x[t], name + "attention.self.value");
    }
    double[][] out = new double[n][];
    for (int t = 0; t < n; t++) {
      double[] mixed = linear(attended(q[t], k, v), name + "attention.output.dense");
      double[] middle = norm(plus(mixed, x[t]), name + "attention.output.LayerNorm");
      double[] up = linear(middle, name + "intermediate.dense");
      for (int j = 0; j < up.length; j++) {
        up[j] *= normalCdf(up[j]);
      }
      out[t] = norm(plus(linear(up, name + "output.dense"), middle), name + "output.LayerNorm");
    }
    return out;
  }

  private double[] attended(double[] q, double[][] k, double[][] v) {
    int width = q.length / heads;
    double[] out = new double[q.length];
    for (int from = 0; from < q.length; from += width) {
      double[] weights = new double[k.length];
      double total = 0;
      for (int s = 0; s < k.length; s++) {
        weights[s] = Math.exp(dot(q, k[s], from, from + width) / Math.sqrt(width));
        total += weights[s];
      }
      for (int s = 0; s < k.length; s++) {
        for (int j = from; j < from + width; j++) {
          out[j] += weights[s] / total * v[s][j];
        }
      }
    }
    return out;
  }

  /** By Simpson's rule from 0; beyond 9 it is 0 or 1. */
  private static double normalCdf(double z) {
    if (Math.abs(z) > 9) {
      return z > 0 ? 1 : 0;
    }
    int steps = 400;
    double h = z / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double factor = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += factor * Math.exp(-0.5 * (i * h) * (i * h));
    }
    return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
  }

  private double[] norm(double[] x, String module) {
    double mean = 0;
    double variance = 0;
    for (double value : x) {
      mean += value / x.length;
    }
    for (double value : x) {
      variance += (value - mean) * (value - mean) / x.length;
    }
    double[] out = new double[x.length];
    for (int j = 0; j < x.length; j++) {
      out[j] =
          (x[j] - mean) / Math.sqrt(variance + epsilon) * tensor(module + ".weight").values()[j]
              + tensor(module + ".bias").values()[j];
    }
    return out;
  }

  private double[] linear(double[] x, String module) {
    double[] out = new double[tensor(module + ".weight").shape()[0]];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          dot(row(module + ".weight", i), x, 0, x.length) + tensor(module + ".bias").values()[i];
    }
    return out;
  }

  private static double dot(double[] a, double[] b, int from, int to) {
    double sum = 0;
    for (int j = from; j < to; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  private static double[] plus(double[] a, double[] b) {
    double[] sum = a.clone();
    for (int j = 0; j < sum.length; j++) {
      sum[j] += b[j];
    }
    return sum;
  }

  private double[] row(String name, int at) {
    Tensor matrix = tensor(name);
    double[] row = new double[matrix.shape()[1]];
    for (int j = 0; j < row.length; j++) {
      row[j] = matrix.values()[at * row.length + j];
    }
    return row;
  }

  private Tensor tensor(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }
}
