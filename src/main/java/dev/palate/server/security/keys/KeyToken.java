package dev.palate.server.security.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a client sends: {@code <id>.<secret>}. The id is public, the secret is 256 random bits. Its
 * SHA-256 is what is stored: nobody can guess 256 bits, so a slow hash with a salt, made for
 * passwords, would only cost time.
 *
 * @param secret base64url; printed once and never kept
 */
public record KeyToken(String id, String secret) {

  private static final int ID_BYTES = 8;
  private static final int SECRET_BYTES = 32;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** Long enough for 256 bits, in hexadecimal too. */
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{43,256}");

  static KeyToken random(SecureRandom random) {
    byte[] id = new byte[ID_BYTES];
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(id);
    random.nextBytes(secret);
    return new KeyToken(
        HexFormat.of().formatHex(id),
        Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
  }

  /** Empty: not of this form, so no key of ours. */
  public static Optional<KeyToken> parse(String token) {
    int dot = token.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    KeyToken parsed = new KeyToken(token.substring(0, dot), token.substring(dot + 1));
    return ID.matcher(parsed.id).matches() && SECRET.matcher(parsed.secret).matches()
        ? Optional.of(parsed)
        : Optional.empty();
  }

  /** SHA-256 of the secret's characters. */
  byte[] hash() {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(secret.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** In a time that does not depend on where the two differ. */
  boolean hasHash(byte[] stored) {
    return MessageDigest.isEqual(hash(), stored);
  }

  /** What the client sends. */
  String text() {
    return id + "." + secret;
  }

  /** Without the secret, lest a log holds it. */
  @Override
  public String toString() {
    return id + ".***";
  }
}
