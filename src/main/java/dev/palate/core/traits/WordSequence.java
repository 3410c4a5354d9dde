package dev.palate.core.traits;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words of a text in order, in lower case, with the ends of clauses and sentences between them.
 * A letter of a script that writes no spaces is a word. Read in one pass; of a long text the
 * beginning.
 *
 * @param words a word, or {@link #CLAUSE} or {@link #SENTENCE}
 * @param capitalized whether a word begins with a capital letter, one for each of {@code words}
 */
record WordSequence(List<String> words, List<Boolean> capitalized) {

  static final String CLAUSE = ",";
  static final String SENTENCE = ".";

  /** Words that are read of a text. */
  private static final int MOST = 20_000;

  private static final int LONGEST = 40;

  static WordSequence of(String text) {
    WordSequence sequence = new WordSequence(new ArrayList<>(), new ArrayList<>());
    StringBuilder word = new StringBuilder();
    boolean capital = false;
    for (int i = 0; i < text.length() && sequence.words.size() < MOST; ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (Character.isLetterOrDigit(c) || ((c == '\'' || c == '\u2019') && !word.isEmpty())) {
        if (Scripts.lettersPerWord(c) > 0) {
          sequence.add(word, capital);
          sequence.words.add(Character.toString(c));
          sequence.capitalized.add(false);
        } else if (word.length() < LONGEST) {
          capital = word.isEmpty() ? Character.isUpperCase(c) : capital;
          word.appendCodePoint(c == '\u2019' ? '\'' : Character.toLowerCase(c));
        }
        continue;
      }
      sequence.add(word, capital);
      if (c == '.' || c == '!' || c == '?' || c == '\n' || c == '\u3002') {
        sequence.mark(SENTENCE);
      } else if (c == ',' || c == ';' || c == ':' || c == '(' || c == ')' || c == '\u3001') {
        sequence.mark(CLAUSE);
      }
    }
    sequence.add(word, capital);
    return sequence;
  }

  private void add(StringBuilder word, boolean capital) {
    if (!word.isEmpty()) {
      int end = word.length();
      while (end > 0 && word.charAt(end - 1) == '\'') {
        end--;
      }
      if (end > 0) {
        words.add(word.substring(0, end).toLowerCase(Locale.ROOT));
        capitalized.add(capital);
      }
      word.setLength(0);
    }
  }

  /** A mark after another one, or before any word, says nothing new, but a sentence's end does. */
  private void mark(String mark) {
    int last = words.size() - 1;
    if (last < 0 || words.get(last).equals(SENTENCE)) {
      return;
    }
    if (words.get(last).equals(CLAUSE)) {
      words.set(last, mark);
      return;
    }
    words.add(mark);
    capitalized.add(false);
  }

  static boolean isMark(String word) {
    return word.equals(CLAUSE) || word.equals(SENTENCE);
  }
}
