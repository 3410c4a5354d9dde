package dev.palate.core.encoder;

import java.util.Arrays;
import java.util.List;

/**
 * A batch as the engine reads it: row after row, padded to one length.
 *
 * @param ids {@code long[rows * length]}, 0 where padded
 * @param mask {@code long[rows * length]}, 1 for a token, 0 where padded
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
public record TokenBatch(long[] ids, long[] mask, int rows, int length) {

  public static TokenBatch of(List<Sequence> sequences, int length) {
    int n = sequences.size();
    long[] ids = new long[n * length];
    long[] mask = new long[n * length];
    for (int i = 0; i < n; i++) {
      int[] sequence = sequences.get(i).ids();
      for (int t = 0; t < sequence.length; t++) {
        ids[i * length + t] = sequence[t];
      }
      Arrays.fill(mask, i * length, i * length + sequence.length, 1);
    }
    return new TokenBatch(ids, mask, n, length);
  }

  /** Tokens of a row. */
  public int length(int row) {
    int tokens = 0;
    while (tokens < length && mask[row * length + tokens] == 1) {
      tokens++;
    }
    return tokens;
  }

  /** The ids with this one where padded. */
  public long[] ids(int padding) {
    if (padding == 0) {
      return ids;
    }
    long[] padded = ids.clone();
    for (int i = 0; i < padded.length; i++) {
      padded[i] = mask[i] == 0 ? padding : padded[i];
    }
    return padded;
  }

  /** Padded lengths: multiples of 16 up to 64, of 32 up to 256, then of 64. */
  public static int bucket(int length) {
    int step = length <= 64 ? 16 : length <= 256 ? 32 : 64;
    return (length + step - 1) / step * step;
  }
}
