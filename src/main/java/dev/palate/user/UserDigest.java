package dev.palate.user;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A user's name where it need not be readable: the first half of its SHA-256. */
public record UserDigest(long high, long low) {

  private static final int HEX_DIGITS = 32;

  public static UserDigest of(UserId user) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      ByteBuffer hash =
          ByteBuffer.wrap(sha256.digest(user.value().getBytes(StandardCharsets.UTF_8)));
      return new UserDigest(hash.getLong(), hash.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Reads what {@code palate_tell_change()} of the schema writes.
   *
   * @throws IllegalArgumentException if it is not 32 hex digits
   */
  static UserDigest parse(String hex) {
    if (hex.length() != HEX_DIGITS) {
      throw new IllegalArgumentException("'hex' must have 32 digits");
    }
    return new UserDigest(
        HexFormat.fromHexDigitsToLong(hex, 0, HEX_DIGITS / 2),
        HexFormat.fromHexDigitsToLong(hex, HEX_DIGITS / 2, HEX_DIGITS));
  }

  @Override
  public int hashCode() {
    return (int) low;
  }
}
