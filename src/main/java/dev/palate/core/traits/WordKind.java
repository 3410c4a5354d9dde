package dev.palate.core.traits;

/**
 * What a word or phrase is counted as; each constant is a section of {@code words-en.txt}, in lower
 * case. A word may be of several kinds.
 */
enum WordKind {
  FIRST_PERSON,
  SECOND_PERSON,
  CASUAL,
  FORMAL,
  HEDGE,
  CERTAIN,
  CONDITION,
  /** Counts at the beginning of a text only. */
  PREAMBLE,
  VAGUE,
  WARMTH,
  APOLOGY,
  EXAMPLE,
  UNIT,
  NUMBER_WORD,
  REASON,
  COMPARE,
  IMAGE,
  THING,
  BASIC,
  /** A verb's base form: with it an instruction can begin. */
  IMPERATIVE,
  /** After it, what looked like an instruction was a noun: "Water is". */
  NOT_IMPERATIVE,
  /** After it, a verb's base form inside a sentence is an instruction: ", add the". */
  OBJECT,
  /** May stand before the verb of an instruction: "then stir". */
  OPENER,
  /** A first word that answers. */
  ANSWER,
  /** Says that the request is not answered, for a reason of rules or safety. */
  REFUSAL,
  /** Says that the answer is not known. */
  NON_ANSWER,
  /** Sends the asker elsewhere, or says that it does not matter. */
  DISMISSIVE,
  /** Of a request: joy or grief. */
  FEELING,
  /** Of a request: harm to somebody, crime, danger. */
  HARM,
  /** Of a request: an official text. */
  ASKS_FORMAL,
  /** Of a request: a text for friends. */
  ASKS_CASUAL,
  ASKS_LIST,
  ASKS_TABLE,
  ASKS_CODE,
  ASKS_BRIEF,
  /** What a request counts: "three sentences". */
  WORD_UNIT,
  SENTENCE_UNIT,
  ITEM_UNIT;

  static final int COUNT = values().length;

  private static final long STYLE = REFUSAL.bit() - 1;

  long bit() {
    return 1L << ordinal();
  }

  /** Of a word's kinds those that are of style: of {@link TextTraits}. */
  static long style(long kinds) {
    return kinds & STYLE;
  }
}
