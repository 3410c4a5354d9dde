package dev.palate.reward;

import java.util.List;

/** A loaded model's forward pass. Made, used and closed by one thread alone. */
interface Forward extends AutoCloseable {

  /**
   * @param sequences the batch
   * @param length what each is padded to
   * @return {@code float[n][w]}, a row per sequence
   */
  float[][] run(List<Sequence> sequences, int length);

  @Override
  void close();
}
