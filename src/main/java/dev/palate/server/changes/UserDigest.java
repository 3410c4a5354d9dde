package dev.palate.server.changes;

import dev.palate.server.store.UserId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

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
   * Reads what the schema's triggers write: one digest after another.
   *
   * @throws IllegalArgumentException if it is not 32 hex digits for each user, at least one
   */
  static List<UserDigest> parseAll(String hex) {
    if (hex.isEmpty() || hex.length() % HEX_DIGITS != 0) {
      throw new IllegalArgumentException("'hex' must have 32 digits a user");
    }
    List<UserDigest> digests = new ArrayList<>();
    for (int at = 0; at < hex.length(); at += HEX_DIGITS) {
      int middle = at + HEX_DIGITS / 2;
      digests.add(
          new UserDigest(
              HexFormat.fromHexDigitsToLong(hex, at, middle),
              HexFormat.fromHexDigitsToLong(hex, middle, at + HEX_DIGITS)));
    }
    return digests;
  }

  @Override
  public int hashCode() {
    return (int) low;
  }
}
