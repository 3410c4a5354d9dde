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
  ANSWER;

  static final int COUNT = values().length;

  long bit() {
    return 1L << ordinal();
  }
}
