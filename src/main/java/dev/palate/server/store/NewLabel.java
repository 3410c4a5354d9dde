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
 * @param contentHash SHA-256 of all but the id; equal hashes are equal content
 */
public record NewLabel(
    int position,
    String labelId,
    String prompt,
    String chosen,
    String rejected,
    float strength,
    byte[] contentHash) {

  public static NewLabel of(
      int position,
      @Nullable String labelId,
      String prompt,
      String chosen,
      String rejected,
      float strength) {
    MessageDigest digest = sha256();
    for (String text : new String[] {prompt, chosen, rejected}) {
      update(digest, text);
    }
    digest.update(ByteBuffer.allocate(4).putFloat(strength).flip());
    byte[] hash = digest.digest();
    String id = labelId != null ? labelId : "c-" + HexFormat.of().formatHex(hash);
    return new NewLabel(position, id, prompt, chosen, rejected, strength, hash);
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
