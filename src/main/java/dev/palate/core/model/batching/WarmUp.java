package dev.palate.core.model.batching;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.encoder.Sequence;
import dev.palate.core.encoder.TokenBatch;
import java.util.Arrays;
import java.util.List;

/**
 * One real forward pass of each padded length, so that the first request is as fast as the next and
 * a model that cannot answer is never ready. Runs on the lane's own thread as it opens.
 */
public final class WarmUp {

  private WarmUp() {}

  /** Of a model that answers as many numbers of every sequence. */
  public static Forward of(Forward model, int maxTokens, int width) {
    return of(model, maxTokens, width, 0);
  }

  /**
   * @param stateWidth numbers a token, behind those of its sequence
   * @return the model, warm; where it fails, it has been closed
   * @throws BundleException if it does not answer {@code width + tokens * stateWidth} finite
   *     numbers a sequence
   */
  public static Forward of(Forward model, int maxTokens, int width, int stateWidth) {
    try {
      int last = TokenBatch.bucket(maxTokens);
      for (int length = TokenBatch.bucket(1);
          length <= last;
          length = TokenBatch.bucket(length + 1)) {
        int[] ids = new int[Math.min(length, maxTokens)];
        Arrays.fill(ids, 1);
        float[] row = model.run(TokenBatch.of(List.of(new Sequence(ids, ids.length)), length))[0];
        check(row, width, ids.length * stateWidth);
      }
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static void check(float[] row, int width, int states) {
    boolean finite = true;
    for (float value : row) {
      finite &= Float.isFinite(value);
    }
    if (row.length != width + states || !finite) {
      throw new BundleException(
          "The model answered %d numbers a sequence%s; %d finite ones are expected (%d experts)."
              .formatted(
                  row.length, finite ? "" : ", not all finite", width + states, width / 2));
    }
  }
}
