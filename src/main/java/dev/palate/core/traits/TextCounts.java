package dev.palate.core.traits;

/**
 * What {@link TextScanner} counts in one text. Plain numbers, read by {@link TextTraits}; for one
 * thread.
 */
final class TextCounts {

  /** Words of the whole text, those of code among them. */
  int words;

  /** Words of prose: what every rate of words is a share of. */
  int proseWords;

  /** Letters of the prose words. */
  int letters;

  /** Prose words of eight letters or more. */
  int longWords;

  /** Sentences with a word in them. */
  int sentences;

  int bullets;
  int numbered;
  int tableRows;
  int headings;

  /** Bold passages. */
  int bold;

  /** Breaks between paragraphs. */
  int breaks;

  /** Lines in fenced or indented blocks, and lines of prose that are code by their marks. */
  int codeLines;

  /** Prose words before the first line of code; -1 without code. */
  int wordsBeforeCode = -1;

  int inlineCode;

  /** Numbers in digits. */
  int numbers;

  /** Signs of money, percent and degrees at a number. */
  int unitSigns;

  /** Capitalized words inside a sentence. */
  int names;

  int emoji;
  int exclamations;
  int questions;

  /** Words in capitals for emphasis, and words drawn out: "sooo". */
  int shouts;

  int contractions;
  int imperatives;

  /** Whether the first sentence begins with an answer. */
  boolean answersFirst;

  /** Comparisons "as ... as". */
  int asAs;

  /** Words and phrases found, by {@link WordKind#ordinal}; preamble at the beginning only. */
  final int[] kinds = new int[WordKind.COUNT];

  /** Log ratio of the different words in a passage to what is usual at its length. */
  double variety;

  /** Runs of three words that stood in the text before. */
  int repeats;

  int count(WordKind kind) {
    return kinds[kind.ordinal()];
  }
}
