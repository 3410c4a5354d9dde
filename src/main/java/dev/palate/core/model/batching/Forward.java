package dev.palate.core.model.batching;

import dev.palate.core.encoder.TokenBatch;

/** A loaded model's forward pass. Made, used and closed by one thread alone. */
public interface Forward extends AutoCloseable {

  /**
   * @return {@code float[n][w]}, a row per sequence of the batch
   */
  float[][] run(TokenBatch batch);

  @Override
  void close();
}
