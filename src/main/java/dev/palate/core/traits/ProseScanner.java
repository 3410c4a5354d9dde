package dev.palate.core.traits;

import java.util.Locale;

/** Reads prose character by character: words, numbers, emoji, inline code, marks. */
final class ProseScanner {

  /** Letters of a word that are looked up: longer ones are no English words. */
  private static final int LONGEST_WORD = 40;

  private static final int LONGEST_ABBREVIATION = 5;

  private static final int LAST_ASCII = 0x7F;
  private static final int VARIATION_16 = 0xFE0F;
  private static final int JOINER = 0x200D;

  /** No emoji is below. */
  private static final int LAST_MARK = 0x203B;

  private static final int FIRST_PICTOGRAPH = 0x1F000;
  private static final int HEART = 0x2764;

  private final String text;
  private final TextCounts counts;
  private final WordCounter words;

  ProseScanner(String text, TextCounts counts, WordCounter words) {
    this.text = text;
    this.counts = counts;
    this.words = words;
  }

  /**
   * @param heading whether capitals make no names
   */
  void scan(int from, int to, boolean heading) {
    boolean boldOpen = false;
    int i = from;
    while (i < to) {
      int c = text.codePointAt(i);
      int size = Character.charCount(c);
      if (isLetter(c) || isAccent(c)) {
        i = letters(i, to, heading || boldOpen);
      } else if ((c >= '0' && c <= '9') || (c > LAST_ASCII && Character.isDigit(c))) {
        i = digits(i, to);
      } else if (c == '`') {
        i = inlineCode(i, to);
      } else if (c == '*' && text.startsWith("**", i)) {
        counts.bold += boldOpen ? 1 : 0;
        boldOpen = !boldOpen;
        i += 2;
      } else if (c > LAST_MARK && isEmoji(c, i + size, to)) {
        counts.emoji++;
        i = afterEmoji(i + size, to);
      } else {
        mark(c, i, to);
        i += size;
      }
    }
  }

  /** A run of letters, with apostrophes inside: a word, or of scripts without spaces, several. */
  private int letters(int start, int to, boolean title) {
    int first = text.codePointAt(start);
    int perWord = Scripts.lettersPerWord(first);
    int i = start;
    int letters = 0;
    int run = 0;
    boolean drawnOut = false;
    boolean capitals = true;
    int before = -1;
    while (i < to) {
      int c = text.codePointAt(i);
      boolean mark = isAccent(c);
      if (!mark && !isLetter(c)) {
        if (!isApostrophe(c) || i + 1 >= to || !Character.isLetter(text.charAt(i + 1))) {
          break;
        }
      } else if (letters > 0 && !mark && Scripts.lettersPerWord(c) != perWord) {
        break;
      } else if (!mark) {
        letters++;
        capitals &= Character.isUpperCase(c);
        run = c == before ? run + 1 : 1;
        drawnOut |= run >= 3 && c != 'w' && c != 'i' && c != 'x';
        before = c;
      }
      i += Character.charCount(c);
    }
    if (perWord > 0) {
      unspaced(start, i, perWord);
      return i;
    }
    int end = abbreviation(start, i, to);
    String word = lower(start, Math.min(end, start + LONGEST_WORD));
    i = end > i ? lastPoint(end, to) : i;
    if (text.startsWith("://", i)) {
      while (i < to && !TextScanner.isSpace(text.charAt(i))) {
        i++;
      }
      words.other(1, word.hashCode());
      return i;
    }
    if (drawnOut) {
      words.shout();
    }
    words.word(
        word,
        Math.min(letters, LONGEST_WORD),
        Character.isUpperCase(first),
        !title,
        capitals && letters > 2);
    return i;
  }

  private void unspaced(int start, int end, int perWord) {
    for (int i = start; i < end; ) {
      int hash = 0;
      int letters = 0;
      for (; i < end && letters < perWord; letters++) {
        int c = text.codePointAt(i);
        hash = hash * 31 + c;
        i += Character.charCount(c);
      }
      words.other(letters, hash);
    }
  }

  /** Takes the rest of "e.g." and "a.m.", without the last point, to a word of single letters. */
  private int abbreviation(int start, int end, int to) {
    int i = end;
    while (end - start == 1 && i - start <= LONGEST_ABBREVIATION && singleLetter(i, to)) {
      i += 2;
    }
    return i;
  }

  /** Whether a point and one letter stand here. */
  private boolean singleLetter(int point, int to) {
    return point + 1 < to
        && text.charAt(point) == '.'
        && Character.isLetter(text.charAt(point + 1))
        && (point + 2 >= to || !Character.isLetter(text.charAt(point + 2)));
  }

  /** Behind an abbreviation's last point, where a small letter follows: it ends no sentence. */
  private int lastPoint(int at, int to) {
    boolean goesOn =
        at + 2 < to
            && text.charAt(at) == '.'
            && text.charAt(at + 1) == ' '
            && Character.isLowerCase(text.charAt(at + 2));
    return goesOn ? at + 1 : at;
  }

  private String lower(int start, int end) {
    String word = text.substring(start, end);
    boolean plain = true;
    for (int i = 0; i < word.length() && plain; i++) {
      plain = (word.charAt(i) >= 'a' && word.charAt(i) <= 'z') || word.charAt(i) == '\'';
    }
    return plain
        ? word
        : word.toLowerCase(Locale.ROOT).replace('\u2019', '\'').replace('\u02BC', '\'');
  }

  private int digits(int start, int to) {
    int i = start;
    int hash = 0;
    while (i < to) {
      char c = text.charAt(i);
      boolean inside =
          (c == '.' || c == ',' || c == ':' || c == '/')
              && i + 1 < to
              && Character.isDigit(text.charAt(i + 1));
      if (!Character.isDigit(c) && !inside) {
        break;
      }
      hash = hash * 31 + c;
      i++;
    }
    i = Math.max(i, start + 1);
    boolean money = start > 0 && Scripts.isMoney(text.charAt(start - 1));
    int next = i < to && text.charAt(i) == ' ' ? i + 1 : i;
    if (money || (next < to && Scripts.isUnitSign(text.charAt(next)))) {
      counts.unitSigns++;
    }
    words.number(hash);
    return i;
  }

  private int inlineCode(int start, int to) {
    int end = text.indexOf('`', start + 1, to);
    if (end < 0 || end == start + 1) {
      return start + 1;
    }
    counts.inlineCode++;
    words.other(1, end - start);
    return end + 1;
  }

  private boolean isEmoji(int c, int next, int to) {
    return Character.isEmojiPresentation(c)
        || (c >= FIRST_PICTOGRAPH && Character.isExtendedPictographic(c))
        || c == HEART
        || (Character.isEmoji(c) && next < to && text.codePointAt(next) == VARIATION_16);
  }

  /** Skips what belongs to the emoji before: selectors, skin tones, joined emoji, a flag's half. */
  private int afterEmoji(int start, int to) {
    int i = start;
    boolean flag = Scripts.isRegional(text.codePointBefore(start));
    boolean joined = false;
    while (i < to) {
      int c = text.codePointAt(i);
      if (joined || c == VARIATION_16 || c == JOINER || Character.isEmojiModifier(c)) {
        joined = c == JOINER;
      } else if (flag && Scripts.isRegional(c)) {
        flag = false;
      } else {
        break;
      }
      i += Character.charCount(c);
    }
    return i;
  }

  private void mark(int c, int at, int to) {
    switch (c) {
      case '!', '\uFF01' -> {
        if (at + 1 >= to || (text.charAt(at + 1) != '=' && text.charAt(at + 1) != '[')) {
          counts.exclamations++;
        }
        words.sentenceEnd();
      }
      case '?', '\uFF1F', '\u061F' -> {
        counts.questions++;
        words.sentenceEnd();
      }
      case '.', '\u2026', '\u06D4', '\u0964' -> {
        if (LineMarks.endsSentence(text, at + 1, to)) {
          words.sentenceEnd();
        }
      }
      case '\u3002', '\uFF0E' -> words.sentenceEnd();
      case ',', ';', ':', '(', ')', '\u2014', '\u2013', '\u3001', '\uFF0C' -> {
        if (c == ':' && LineMarks.isEmoticon(text, at, to)) {
          counts.emoji++;
        }
        words.clause();
      }
      case '"', '\u201C' -> words.quoteBegins();
      default -> {
        // spaces, hyphens and whatever else separates words
      }
    }
  }

  private static boolean isLetter(int c) {
    return c <= LAST_ASCII ? (c | ' ') >= 'a' && (c | ' ') <= 'z' : Character.isLetter(c);
  }

  private static boolean isAccent(int c) {
    return c > LAST_ASCII && Character.getType(c) == Character.NON_SPACING_MARK;
  }

  private static boolean isApostrophe(int c) {
    return c == '\'' || c == 0x2019 || c == 0x02BC;
  }
}
