package dev.palate.reward;

/** A loaded model's forward pass. Made, used and closed by one thread alone. */
interface Forward extends AutoCloseable {

  /**
   * @return {@code float[n][w]}, a row per sequence of the batch
   */
  float[][] run(TokenBatch batch);

  @Override
  void close();
}
