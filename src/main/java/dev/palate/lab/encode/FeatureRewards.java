package dev.palate.lab.encode;

import dev.palate.core.bundle.HeadForward;
import java.util.HashMap;
import java.util.Map;

/**
 * The part of the experts' rewards that comes through the head's learned features. A response
 * stands in many pairs and its features cost as much as a hidden layer, so each row is computed
 * once.
 */
final class FeatureRewards {

  private final HeadForward head;
  private final Encodings encodings;
  private final float[] response;
  private final Map<Integer, float[]> byRow = new HashMap<>();

  FeatureRewards(HeadForward head, Encodings encodings) {
    this.head = head;
    this.encodings = encodings;
    this.response = new float[encodings.dimension()];
  }

  /** Of the response in this row, {@code float[k]}; not to be changed. */
  float[] of(int row) {
    return byRow.computeIfAbsent(row, this::rewards);
  }

  private float[] rewards(int row) {
    encodings.copy(row, response, 0);
    return head.featureRewards(response);
  }
}
