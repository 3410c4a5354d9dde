package dev.palate.core.traits;

/** Marks that give a line its form: list items, headings, table rows, code, ends of sentences. */
final class LineMarks {

  private static final String CODE_MARKS = "{}()[];=<>$|\\&_+*";
  private static final int FEWEST_CODE_MARKS = 3;

  /** A line with a mark among so many characters is code. */
  private static final int CODE_DENSITY = 7;

  /** Characters of a line that are looked at for code. */
  private static final int LONGEST_CODE_LINE = 200;

  private static final int MOST_NUMBER_DIGITS = 3;

  private LineMarks() {}

  /** Where an item's text begins, behind "- ", "1. ", "a) "; {@code from} where it is no item. */
  static int marker(String text, int from, int to) {
    int i = from;
    if (i < to && "-*+\u2022\u2023\u25AA\u25CF\u00B7\u2013".indexOf(text.charAt(i)) >= 0) {
      i++;
    } else {
      while (i < to && i - from < MOST_NUMBER_DIGITS && isDigit(text.charAt(i))) {
        i++;
      }
      boolean letter = i == from && i < to && text.charAt(i) >= 'a' && text.charAt(i) <= 'z';
      i += letter ? 1 : 0;
      boolean closed =
          i > from && i < to && (text.charAt(i) == ')' || (text.charAt(i) == '.' && !letter));
      if (!closed) {
        return from;
      }
      i++;
    }
    return i < to && TextScanner.isSpace(text.charAt(i)) ? i + 1 : from;
  }

  /** Of an item: whether a number or letter stands before it. */
  static boolean isNumbered(String text, int from) {
    return Character.isLetterOrDigit(text.charAt(from));
  }

  /** Where a heading's text begins, behind "## "; {@code from} where it is none. */
  static int heading(String text, int from, int to) {
    int i = from;
    while (i < to && i - from < 6 && text.charAt(i) == '#') {
      i++;
    }
    return i > from && i < to && text.charAt(i) == ' ' ? i + 1 : from;
  }

  /** A line of cells, "| a | b |"; not the rule below a table's head. */
  static boolean isTableRow(String text, int from, int to) {
    if (to - from < 3 || text.charAt(from) != '|' || text.indexOf('|', from + 1, to) < 0) {
      return false;
    }
    int i = from;
    while (i < to && "|-: ".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return i < to;
  }

  /** Whether a line outside any block is code all the same: many of its characters are marks. */
  static boolean isCode(String text, int from, int to) {
    int end = Math.min(to, from + LONGEST_CODE_LINE);
    if (text.charAt(from) == '|' || text.charAt(from) == '*' || text.charAt(from) == '[') {
      return false;
    }
    int marks = 0;
    int letters = 0;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      marks += CODE_MARKS.indexOf(c) >= 0 ? 1 : 0;
      letters += Character.isLetter(c) ? 1 : 0;
    }
    char last = text.charAt(to - 1);
    int needed = last == ';' || last == '{' ? 2 : FEWEST_CODE_MARKS;
    return letters > 0 && marks >= needed && marks * CODE_DENSITY >= end - from;
  }

  /** Whether nothing but closing marks stands between a point and the next space. */
  static boolean endsSentence(String text, int after, int to) {
    int i = after;
    while (i < to && i - after < 4 && "\"')*_]\u201D\u2019.".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    return i >= to || TextScanner.isSpace(text.charAt(i));
  }

  /** A face of marks: ":)", ":-D", ":(" after a space. */
  static boolean isEmoticon(String text, int at, int to) {
    int i = at + 1;
    i += i < to && text.charAt(i) == '-' ? 1 : 0;
    boolean face = i < to && ")(DPp".indexOf(text.charAt(i)) >= 0;
    boolean alone = i + 1 >= to || !Character.isLetterOrDigit(text.charAt(i + 1));
    return face && alone && at > 0 && TextScanner.isSpace(text.charAt(at - 1));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
