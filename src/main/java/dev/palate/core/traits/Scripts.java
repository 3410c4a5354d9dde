package dev.palate.core.traits;

import java.lang.Character.UnicodeScript;

/** What differs between scripts: how many letters make a word where no spaces separate words. */
final class Scripts {

  /** Nothing below is written without spaces. */
  private static final int FIRST_UNSPACED = 0x0E00;

  private static final int PER_IDEOGRAPHIC_WORD = 2;
  private static final int PER_THAI_WORD = 5;

  private Scripts() {}

  /** 0 for a script that separates words. */
  static int lettersPerWord(int letter) {
    if (letter < FIRST_UNSPACED) {
      return 0;
    }
    return switch (UnicodeScript.of(letter)) {
      case HAN, HIRAGANA, KATAKANA, BOPOMOFO, YI -> PER_IDEOGRAPHIC_WORD;
      case THAI, LAO, KHMER, MYANMAR -> PER_THAI_WORD;
      default -> 0;
    };
  }

  static boolean isMoney(char c) {
    return Character.getType(c) == Character.CURRENCY_SYMBOL;
  }

  /** A sign after a number that makes it a measure: percent, degrees, money. */
  static boolean isUnitSign(char c) {
    return c == '%' || c == '\u00B0' || isMoney(c);
  }

  /** Letters of which two make a flag. */
  static boolean isRegional(int c) {
    return c >= 0x1F1E6 && c <= 0x1F1FF;
  }
}
