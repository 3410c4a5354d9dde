package dev.palate.core.traits;

import java.util.List;

/** What is counted from the texts of a prompt and a response together. */
public final class PairTraits {

  /** Names of the traits, in their order. */
  public static final List<String> NAMES = List.of();

  private PairTraits() {}

  /**
   * @param prompt in its one text form
   * @return {@code float[NAMES.size()]}
   * @throws NullPointerException for null
   */
  public static float[] of(String prompt, String response) {
    return new float[NAMES.size() * Math.min(1, prompt.length() + response.length())];
  }
}
