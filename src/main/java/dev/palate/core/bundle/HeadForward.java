package dev.palate.core.bundle;

/**
 * Plain Java forward of a {@link Head}; no engine needed. Immutable, so that any number of threads
 * may use one.
 */
public final class HeadForward {

  private final Head head;

  /** U by columns, {@code float[d][f]}: sums that do not wait for each other run many at a time. */
  private final float[][] columns;

  public HeadForward(Head head) {
    this.head = head;
    int d = head.featureCount() == 0 ? 0 : head.features()[0].length;
    this.columns = new float[d][head.featureCount()];
    for (int f = 0; f < head.featureCount(); f++) {
      for (int j = 0; j < d; j++) {
        columns[j][f] = head.features()[f][j];
      }
    }
  }

  /**
   * {@code w(x) = softmax(W2 relu(W1 p + b1) + b2)}.
   *
   * @param prompt p, {@code float[d]}
   * @return {@code float[k]}, dense, sums to 1
   */
  public float[] routing(float[] prompt) {
    float[] hidden = times(head.routerHidden(), prompt);
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = Math.max(0, hidden[i] + head.routerHiddenBias()[i]);
    }
    float[] logits = times(head.routerOut(), hidden);
    for (int i = 0; i < logits.length; i++) {
      logits[i] += head.routerOutBias()[i];
    }
    return softmax(logits);
  }

  /**
   * {@code r = V [phi; relu(U phi + c)]}.
   *
   * @param response phi, {@code float[d]}
   * @return {@code float[k]}
   */
  public float[] rewards(float[] response) {
    float[] rewards = linear(response);
    if (head.featureCount() > 0) {
      float[] learned = featureRewards(response);
      for (int k = 0; k < rewards.length; k++) {
        rewards[k] += learned[k];
      }
    }
    return rewards;
  }

  /**
   * The part of the rewards that is linear in the embedding; so that of a difference of embeddings
   * is the difference of theirs.
   *
   * @param response {@code float[d]}
   * @return {@code float[k]}
   */
  public float[] linear(float[] response) {
    return times(head.experts(), response);
  }

  /**
   * The part of the rewards that comes through the learned features, {@code V_f relu(U phi + c)};
   * zeros where the head has none.
   *
   * @param response phi, {@code float[d]}
   * @return {@code float[k]}
   */
  public float[] featureRewards(float[] response) {
    float[] features = head.featuresBias().clone();
    for (int j = 0; j < columns.length; j++) {
      float[] column = columns[j];
      float factor = response[j];
      for (int f = 0; f < features.length; f++) {
        features[f] += column[f] * factor;
      }
    }
    float[] rewards = new float[head.expertCount()];
    for (int k = 0; k < rewards.length; k++) {
      float[] expert = head.experts()[k];
      float sum = 0;
      for (int f = 0; f < features.length; f++) {
        sum += expert[response.length + f] * Math.max(0, features[f]);
      }
      rewards[k] = sum;
    }
    return rewards;
  }

  /**
   * Softmax in place.
   *
   * @return the same array
   */
  public static float[] softmax(float[] logits) {
    float max = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.exp(logits[i] - max);
      sum += logits[i];
    }
    for (int i = 0; i < logits.length; i++) {
      logits[i] /= (float) sum;
    }
    return logits;
  }

  /** Rows may be longer than the vector: what it lacks counts as zero. */
  private static float[] times(float[][] matrix, float[] vector) {
    float[] product = new float[matrix.length];
    for (int i = 0; i < product.length; i++) {
      float[] row = matrix[i];
      // Four sums at once: a single one would wait for each addition
      float a = 0;
      float b = 0;
      float c = 0;
      float e = 0;
      int j = 0;
      for (; j + 3 < vector.length; j += 4) {
        a += row[j] * vector[j];
        b += row[j + 1] * vector[j + 1];
        c += row[j + 2] * vector[j + 2];
        e += row[j + 3] * vector[j + 3];
      }
      for (; j < vector.length; j++) {
        a += row[j] * vector[j];
      }
      product[i] = a + b + c + e;
    }
    return product;
  }
}
