package dev.palate.lab.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first 128 bits of a SHA-256: texts of one hash are taken to be the same text. */
public record TextHash(long high, long low) {

  public static TextHash of(String text) {
    return of(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * @param digest of which the first 16 bytes are taken
   */
  public static TextHash of(byte[] digest) {
    ByteBuffer bytes = ByteBuffer.wrap(digest);
    return new TextHash(bytes.getLong(), bytes.getLong());
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
