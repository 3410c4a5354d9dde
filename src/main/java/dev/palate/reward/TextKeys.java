package dev.palate.reward;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Makes the keys of one call's passages: the first half of a SHA-256 over the model, the kind and
 * the texts, each part of fixed length but the last. Not thread-safe.
 *
 * <p>Texts are hashed as the UTF-16 units they are; an encoding to bytes would make one of texts
 * that differ in lone surrogates.
 */
final class TextKeys {
  private static final int CHUNK = 2048;

  private final byte[] model;
  private final MessageDigest digest = Hashes.sha256();
  private byte[] chunk = new byte[0];
  private String prompt = "";
  private byte[] promptHash = new byte[0];

  /**
   * @param model of {@link #model}
   */
  TextKeys(byte[] model) {
    this.model = model;
  }

  /** What tells the scores of one loaded model from another's: also where and how it computes. */
  static byte[] model(RewardModel model) {
    String identity = model.bundle().version() + "\n" + model.placement();
    return Hashes.sha256().digest(identity.getBytes(StandardCharsets.UTF_8));
  }

  TextKey of(Passage passage) {
    byte[] before = new byte[0];
    if (passage.kind() == Passage.Kind.PROMPT_AND_RESPONSE) {
      before = promptHash(passage.prompt()); // once for all responses to it
    }
    digest.update(model);
    digest.update((byte) passage.kind().ordinal());
    digest.update(before);
    update(passage.kind() == Passage.Kind.PROMPT ? passage.prompt() : passage.response());
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    return new TextKey(hash.getLong(), hash.getLong());
  }

  private byte[] promptHash(String text) {
    if (promptHash.length == 0 || !prompt.equals(text)) {
      update(text);
      prompt = text;
      promptHash = digest.digest();
    }
    return promptHash;
  }

  private void update(String text) {
    int size = Math.min(CHUNK, 2 * text.length());
    if (chunk.length < size) {
      chunk = new byte[size];
    }
    int filled = 0;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      chunk[filled++] = (byte) (unit >> 8);
      chunk[filled++] = (byte) unit;
      if (filled == size) {
        digest.update(chunk, 0, filled);
        filled = 0;
      }
    }
    digest.update(chunk, 0, filled);
  }
}
