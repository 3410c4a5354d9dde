package dev.palate.server.comparisons;

import dev.palate.server.store.NewLabel;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A checked comparison on its way in.
 *
 * @param position where it stood in the request
 * @param comparisonId the client's, or {@code c-} and the pair's hash in hex
 * @param pairHash {@link #pairHash}
 */
public record NewComparison(
    int position,
    String comparisonId,
    String prompt,
    String first,
    String second,
    byte[] pairHash) {

  static NewComparison of(
      int position, @Nullable String id, String prompt, String first, String second) {
    byte[] hash = pairHash(prompt, first, second);
    String comparisonId = id != null ? id : "c-" + HexFormat.of().formatHex(hash);
    return new NewComparison(position, comparisonId, prompt, first, second, hash);
  }

  /** SHA-256 of prompt and responses; the same for the two responses in either order. */
  static byte[] pairHash(String prompt, String one, String other) {
    MessageDigest digest = NewLabel.sha256();
    NewLabel.update(digest, prompt);
    boolean inOrder = one.compareTo(other) <= 0;
    NewLabel.update(digest, inOrder ? one : other);
    NewLabel.update(digest, inOrder ? other : one);
    return digest.digest();
  }

  boolean samePair(byte[] otherHash) {
    return Arrays.equals(pairHash, otherHash);
  }
}
