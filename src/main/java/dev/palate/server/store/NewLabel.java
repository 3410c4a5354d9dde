package dev.palate.server.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A checked label on its way in.
 *
 * @param position where it stood in the request
 * @param labelId the client's, or {@code c-} and the content's hash in hex
 * @param chosen of a tie: the first response
 * @param rejected of a tie: the second response
 * @param tie neither response is preferred
 * @param contentHash SHA-256 of all but the id; equal hashes are equal content. Of a tie the same
 *     for its responses in either order
 */
public record NewLabel(
    int position,
    String labelId,
    String prompt,
    String chosen,
    String rejected,
    float strength,
    boolean tie,
    byte[] contentHash) {

  /** Stands before a tie's texts in its hash: no preference has a list of four texts. */
  private static final String TIE = "tie";

  /** A preference. */
  public static NewLabel of(
      int position,
      @Nullable String labelId,
      String prompt,
      String chosen,
      String rejected,
      float strength) {
    byte[] hash = hash(strength, prompt, chosen, rejected);
    return new NewLabel(
        position, id(labelId, hash), prompt, chosen, rejected, strength, false, hash);
  }

  /** A tie of two responses. */
  public static NewLabel tie(
      int position,
      @Nullable String labelId,
      String prompt,
      String first,
      String second,
      float strength) {
    boolean inOrder = first.compareTo(second) <= 0;
    byte[] hash = hash(strength, TIE, prompt, inOrder ? first : second, inOrder ? second : first);
    return new NewLabel(position, id(labelId, hash), prompt, first, second, strength, true, hash);
  }

  private static byte[] hash(float strength, String... texts) {
    MessageDigest digest = sha256();
    for (String text : texts) {
      update(digest, text);
    }
    digest.update(ByteBuffer.allocate(4).putFloat(strength).flip());
    return digest.digest();
  }

  private static String id(@Nullable String labelId, byte[] hash) {
    return labelId != null ? labelId : "c-" + HexFormat.of().formatHex(hash);
  }

  /** With its length before it, so that no two lists of texts are one. */
  public static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  boolean sameContent(byte[] otherHash) {
    return Arrays.equals(contentHash, otherHash);
  }

  public static byte[] sha256(String text) {
    return sha256().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
