package dev.palate.server.score.dropin;

import java.util.List;

/**
 * The marks that a decoded sequence carries outside its text: begin, end, padding and turn tokens,
 * as the tokenizers of chat models write them. Positions are found by walking, never by copying: a
 * padded sequence may hold thousands.
 */
final class SpecialTokens {

  private static final List<String> WORDS =
      List.of(
          "<s>",
          "</s>",
          "<pad>",
          "<bos>",
          "<eos>",
          "<start_of_turn>",
          "<end_of_turn>",
          "[PAD]",
          "[BOS]",
          "[EOS]",
          "[CLS]",
          "[SEP]");

  /** {@code <|im_end|>}, and with the wide bar of DeepSeek's tokenizers. */
  private static final List<String> BARS = List.of("|", "\uFF5C");

  private static final int LONGEST = 48;

  private SpecialTokens() {}

  /** Where the text begins after leading marks, and white space before each of them. */
  static int begin(String text) {
    int begin = 0;
    while (true) {
      int at = begin;
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      int length = lengthAt(text, at);
      if (length == 0) {
        return begin;
      }
      begin = at + length;
    }
  }

  /**
   * Where the text ends before trailing marks, and white space after each of them.
   *
   * @param from not before this
   */
  static int end(String text, int from) {
    int end = text.length();
    while (true) {
      int at = end;
      while (at > from && Character.isWhitespace(text.charAt(at - 1))) {
        at--;
      }
      int length = lengthBefore(text, at);
      if (length == 0 || at - length < from) {
        return end;
      }
      end = at - length;
    }
  }

  private static int lengthAt(String text, int at) {
    for (String word : WORDS) {
      if (text.startsWith(word, at)) {
        return word.length();
      }
    }
    for (String bar : BARS) {
      if (text.startsWith("<" + bar, at)) {
        int close = text.indexOf(bar + ">", at + 2);
        if (close > 0 && close + 2 - at <= LONGEST) {
          return close + 2 - at;
        }
      }
    }
    return 0;
  }

  private static int lengthBefore(String text, int end) {
    for (String word : WORDS) {
      if (text.startsWith(word, end - word.length())) {
        return word.length();
      }
    }
    for (String bar : BARS) {
      if (text.startsWith(bar + ">", end - 2)) {
        int open = text.lastIndexOf("<" + bar, end - 4);
        if (open >= 0 && end - open <= LONGEST) {
          return end - open;
        }
      }
    }
    return 0;
  }
}
