package dev.palate.core.encoder;

import java.util.Arrays;

/**
 * What the encoder reads, special tokens included.
 *
 * @param ids token ids, at most the model's limit
 * @param tokens its length before truncation
 */
@SuppressWarnings("ArrayRecordComponent") // equality below is by content
public record Sequence(int[] ids, int tokens) {

  public boolean truncated() {
    return tokens > ids.length;
  }

  public int length() {
    return ids.length;
  }

  /** Equal where the encoder reads the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Sequence sequence && Arrays.equals(ids, sequence.ids);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }
}
