package dev.palate.core.bundle;

import java.util.stream.Stream;

/**
 * The texts of a pair that expert cards name, for people: an element of {@code example-pairs.json}.
 * They are texts of the training data, kept only where that was asked for.
 *
 * @param id as the cards' {@link ExpertCard#examples} name it
 * @param prompt in its canonical form; may be empty
 * @param chosen the preferred response
 * @param rejected the other one
 */
public record ExamplePair(String id, String prompt, String chosen, String rejected) {

  /** Longest text, in UTF-16 units. */
  static final int MAX_CHARACTERS = 2_000;

  /** The end of a text that was cut. */
  private static final String CUT = "…";

  public ExamplePair {
    require(id != null && !id.isBlank(), "a pair's 'id' is missing");
    require(prompt != null, "'prompt' of the pair '" + id + "' is missing");
    require(chosen != null && !chosen.isBlank(), "'chosen' of the pair '" + id + "' is missing");
    require(
        rejected != null && !rejected.isBlank(), "'rejected' of the pair '" + id + "' is missing");
    require(
        Stream.of(prompt, chosen, rejected).allMatch(text -> text.length() <= MAX_CHARACTERS),
        "a text of the pair '%s' has more than %d characters".formatted(id, MAX_CHARACTERS));
  }

  /** The same of texts of any length: one that is too long is cut and ends with an ellipsis. */
  public static ExamplePair of(String id, String prompt, String chosen, String rejected) {
    return new ExamplePair(id, cut(prompt), cut(chosen), cut(rejected));
  }

  private static String cut(String text) {
    if (text.length() <= MAX_CHARACTERS) {
      return text;
    }
    int end = MAX_CHARACTERS - CUT.length();
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + CUT;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
