package dev.palate.core.traits;

import java.util.Set;

/**
 * Counts words as {@link TextScanner} finds them: their kinds, sentences, instructions, names,
 * variety and repetition. A few steps per word and memory that does not grow with the text.
 */
final class WordCounter {

  /** How many words count as a text's beginning. */
  private static final int BEGINNING = 30;

  private static final int LONG_WORD = 8;

  /** Endings of words that are contractions whatever the word: I'm, we're, don't. */
  private static final Set<String> CONTRACTED = Set.of("m", "re", "ve", "ll", "d", "t");

  /** Words that "'s" contracts with; after any other it is taken for a possessive. */
  private static final Set<String> IS_SHORT =
      Set.of(
          "it",
          "that",
          "this",
          "there",
          "here",
          "what",
          "who",
          "where",
          "when",
          "how",
          "why",
          "he",
          "she",
          "let",
          "everyone",
          "everything",
          "nothing",
          "something",
          "one");

  /** "as well as" and the like compare nothing. */
  private static final Set<String> NO_COMPARISON =
      Set.of("well", "soon", "long", "far", "much", "many", "possible", "often");

  private enum Pending {
    NONE,
    /** A base form at a sentence's beginning. */
    AT_START,
    /** A base form inside a sentence, after a comma or "and". */
    INSIDE
  }

  private final TextCounts counts;

  private final Lexicon.Node[] open = new Lexicon.Node[Lexicon.LONGEST_PHRASE];
  private final boolean[] openedFirst = new boolean[Lexicon.LONGEST_PHRASE];
  private int opened;

  private boolean sentenceStart = true;
  private boolean instructionMayBegin = true;

  /** Whether the sentence has only words so far that may stand before an instruction's verb. */
  private boolean onlyOpeners;

  private Pending pending = Pending.NONE;
  private int sentenceWords;
  private boolean firstSentence = true;
  private String previous = "";
  private int sinceAs = -1;

  private final Repetition repetition;

  /**
   * @param length the text's, in chars: small texts need little memory
   */
  WordCounter(TextCounts counts, int length) {
    this.counts = counts;
    repetition = new Repetition(length);
  }

  /**
   * A word of prose.
   *
   * @param lower in lower case, with {@code '} for every apostrophe
   * @param letters how many
   * @param capital whether it begins with a capital letter
   * @param name whether a capital here makes it a name: not in headings
   * @param emphatic whether all its letters, three or more, are capitals: of a word that a list
   *     has, emphasis; of another, a name or an abbreviation
   */
  void word(String lower, int letters, boolean capital, boolean name, boolean emphatic) {
    long kinds = phrases(lower);
    settle(kinds);
    if (emphatic && WordKind.style(kinds) != 0) {
      counts.shouts++;
    } else if (capital && name && !sentenceStart && (kinds & WordKind.FIRST_PERSON.bit()) == 0) {
      counts.names++;
    }
    instruction(lower, kinds);
    contraction(lower);
    asAs(lower);
    counts.letters += letters;
    if (letters >= LONG_WORD) {
      counts.longWords++;
    }
    advance(lower.hashCode());
    sentenceStart = false;
    previous = lower;
  }

  /** A drawn out word: "sooo". */
  void shout() {
    counts.shouts++;
  }

  /** A number in digits: a word that is in no list. */
  void number(int hash) {
    counts.numbers++;
    if (counts.proseWords == 0) {
      counts.answersFirst = true;
    }
    other(1, hash);
  }

  /**
   * Words that no list has: of a script without spaces, of inline code, an address.
   *
   * @param letters of one
   */
  void other(int letters, int hash) {
    opened = 0;
    settle(0);
    instructionMayBegin = false;
    sentenceStart = false;
    counts.letters += letters;
    previous = "";
    advance(hash);
  }

  private void advance(int hash) {
    counts.words++;
    counts.proseWords++;
    sentenceWords++;
    repetition.word(hash);
  }

  /** Follows the phrases begun and counts those that end here; the kinds of the word alone. */
  private long phrases(String word) {
    int kept = 0;
    for (int i = 0; i < opened; i++) {
      Lexicon.Node node = open[i].after(word);
      if (node != null) {
        found(node.kinds(), openedFirst[i]);
        openedFirst[kept] = openedFirst[i];
        open[kept++] = node;
      }
    }
    Lexicon.Node node = Lexicon.ENGLISH.root().after(word);
    if (node != null) {
      found(node.kinds(), counts.proseWords == 0);
      if (kept < open.length) {
        openedFirst[kept] = counts.proseWords == 0;
        open[kept++] = node;
      }
    }
    opened = kept;
    return node == null ? 0 : node.kinds();
  }

  private void found(long kinds, boolean first) {
    long counted = kinds;
    if (counts.proseWords >= BEGINNING) {
      counted &= ~WordKind.PREAMBLE.bit();
    }
    if (first && (kinds & WordKind.ANSWER.bit()) != 0) {
      counts.answersFirst = true;
    }
    for (long left = counted; left != 0; left &= left - 1) {
      counts.kinds[Long.numberOfTrailingZeros(left)]++;
    }
  }

  /** Decides by the next word, or its absence, whether a base form was an instruction. */
  private void settle(long nextKinds) {
    boolean instruction =
        switch (pending) {
          case NONE -> false;
          case AT_START -> (nextKinds & WordKind.NOT_IMPERATIVE.bit()) == 0;
          case INSIDE -> (nextKinds & WordKind.OBJECT.bit()) != 0;
        };
    pending = Pending.NONE;
    if (instruction) {
      counts.imperatives++;
      if (firstSentence && sentenceWords <= 2) {
        counts.answersFirst = true;
      }
    }
  }

  private void instruction(String word, long kinds) {
    if (instructionMayBegin && (kinds & WordKind.IMPERATIVE.bit()) != 0) {
      pending = sentenceWords == 0 || onlyOpeners ? Pending.AT_START : Pending.INSIDE;
    }
    boolean opener = (kinds & WordKind.OPENER.bit()) != 0;
    instructionMayBegin =
        (instructionMayBegin && opener) || word.equals("and") || word.equals("then");
    onlyOpeners = opener && (sentenceWords == 0 || onlyOpeners);
  }

  private void contraction(String word) {
    int apostrophe = word.lastIndexOf('\'');
    if (apostrophe > 0) {
      String ending = word.substring(apostrophe + 1);
      if (CONTRACTED.contains(ending)
          || (ending.equals("s") && IS_SHORT.contains(word.substring(0, apostrophe)))) {
        counts.contractions++;
      }
    }
  }

  private void asAs(String word) {
    if (!word.equals("as")) {
      sinceAs = sinceAs < 0 ? -1 : sinceAs + 1;
      return;
    }
    if (sinceAs >= 1 && sinceAs <= 3 && !(sinceAs == 1 && NO_COMPARISON.contains(previous))) {
      counts.asAs++;
      sinceAs = -1;
    } else {
      sinceAs = 0;
    }
  }

  /** A comma, semicolon, colon, dash or bracket: phrases end, an instruction may begin. */
  void clause() {
    opened = 0;
    sinceAs = -1;
    if (pending == Pending.AT_START) {
      settle(0);
    }
    pending = Pending.NONE;
    instructionMayBegin = true;
  }

  /**
   * The end of a sentence, of an item or of a paragraph; without a word since the last, nothing.
   */
  void sentenceEnd() {
    clause();
    if (sentenceWords > 0) {
      counts.sentences++;
      firstSentence = false;
    }
    sentenceWords = 0;
    sentenceStart = true;
    onlyOpeners = false;
  }

  /** Capitals do not make a name of the next word: it stands after a quotation mark. */
  void quoteBegins() {
    opened = 0;
    sentenceStart = true;
  }

  void finish() {
    sentenceEnd();
    counts.variety = repetition.variety();
    counts.repeats = repetition.repeats();
  }
}
