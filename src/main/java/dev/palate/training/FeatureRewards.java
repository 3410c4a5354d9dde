package dev.palate.training;

import dev.palate.reward.Head;
import java.util.HashMap;
import java.util.Map;

/**
 * The part of the experts' rewards that comes through the head's learned features, {@code V_f
 * relu(U phi + c)}. A response stands in many pairs and its features cost as much as a hidden
 * layer, so each row is computed once.
 */
final class FeatureRewards {

  private final Head head;
  private final Encodings encodings;
  private final float[][] columns;
  private final float[] response;
  private final float[] features;
  private final Map<Integer, float[]> byRow = new HashMap<>();

  FeatureRewards(Head head, Encodings encodings) {
    this.head = head;
    this.encodings = encodings;
    this.response = new float[encodings.dimension()];
    this.features = new float[head.featureCount()];
    this.columns = new float[response.length][features.length];
    for (int f = 0; f < features.length; f++) {
      for (int j = 0; j < response.length; j++) {
        columns[j][f] = head.features()[f][j];
      }
    }
  }

  /** Of the response in this row, {@code float[k]}; not to be changed. */
  float[] of(int row) {
    return byRow.computeIfAbsent(row, this::rewards);
  }

  private float[] rewards(int row) {
    encodings.copy(row, response, 0);
    System.arraycopy(head.featuresBias(), 0, features, 0, features.length);
    for (int j = 0; j < response.length; j++) {
      add(columns[j], response[j]);
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

  /** By columns and not by rows: sums that do not wait for each other run many at a time. */
  private void add(float[] column, float factor) {
    for (int f = 0; f < column.length; f++) {
      features[f] += column[f] * factor;
    }
  }
}
