package dev.palate.core.model.cache;

import dev.palate.core.bundle.Hashes;
import dev.palate.core.model.Passage;
import dev.palate.core.model.RewardModel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Makes the keys of one call's passages: the first half of a SHA-256 over the model, the kind and
 * the texts, each part of fixed length but the last. Not thread-safe.
 *
 * <p>Texts are hashed as the units they are: a byte each where all fit, else two. An encoding would
 * make one of texts that differ in lone surrogates.
 */
final class TextKeys {
  private static final int WIDE = 16;
  private static final byte[] NOTHING = {};

  private final byte[] model;
  private final MessageDigest digest = Hashes.sha256();
  private String prompt = "";
  private byte[] promptHash = NOTHING;

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
    byte[] before =
        switch (passage.kind()) {
          case PROMPT, RESPONSE -> NOTHING;
          // once for all responses to it
          case PROMPT_AND_RESPONSE, PAIR_READ_APART -> promptHash(passage.prompt());
        };
    String text = passage.kind() == Passage.Kind.PROMPT ? passage.prompt() : passage.response();
    ByteBuffer hash = ByteBuffer.wrap(hash(passage.kind().ordinal(), before, text));
    return new TextKey(hash.getLong(), hash.getLong());
  }

  private byte[] promptHash(String text) {
    if (promptHash.length == 0 || !prompt.equals(text)) {
      prompt = text;
      promptHash = hash(0, NOTHING, text);
    }
    return promptHash;
  }

  private byte[] hash(int kind, byte[] before, String text) {
    byte[] narrow = text.getBytes(StandardCharsets.ISO_8859_1);
    boolean fits = new String(narrow, StandardCharsets.ISO_8859_1).equals(text);
    digest.update(model);
    digest.update((byte) (fits ? kind : kind + WIDE));
    digest.update(before);
    digest.update(fits ? narrow : wide(text));
    return digest.digest();
  }

  private static byte[] wide(String text) {
    ByteBuffer units = ByteBuffer.allocate(2 * text.length());
    units.asCharBuffer().put(text);
    return units.array();
  }
}
