package dev.palate.core.traits;

/**
 * How varied a text's words are and how often a run of three comes again, from the words' hashes.
 * Memory is bounded: of a long text, runs that stood far back may be forgotten.
 */
final class Repetition {

  /** Words in a passage whose variety is measured. */
  private static final int PASSAGE = 50;

  /** Different words in n words of ordinary text: about n to this power, n up to a passage. */
  private static final double USUAL_VARIETY = 0.95;

  private static final int SLOT_BITS = 12;
  private static final int FEWEST_TRIPLES = 16;
  private static final int MOST_TRIPLES = 1 << 14;

  private int words;

  private final int[] passage = new int[PASSAGE];
  private final byte[] inPassage = new byte[1 << SLOT_BITS];
  private int different;
  private long passages;
  private double differentSum;

  private final int[] triples;
  private int beforeLast;
  private int last;
  private int repeats;

  /**
   * @param length the text's, in chars: short texts need little memory
   */
  Repetition(int length) {
    triples = new int[Integer.highestOneBit(Math.clamp(length, FEWEST_TRIPLES, MOST_TRIPLES))];
  }

  void word(int hash) {
    int spread = hash * 0x9E3779B1;
    passage(spread >>> (Integer.SIZE - SLOT_BITS));
    words++;
    int triple = ((beforeLast * 31 + last) * 31 + spread) | 1; // 0 is an empty slot
    int slot = ((triple * 0x85EBCA6B) >>> 8) & (triples.length - 1);
    repeats += words > 2 && triples[slot] == triple ? 1 : 0;
    triples[slot] = triple;
    beforeLast = last;
    last = spread;
  }

  private void passage(int slot) {
    int at = words % PASSAGE;
    if (words >= PASSAGE) {
      inPassage[passage[at]]--;
      different -= inPassage[passage[at]] == 0 ? 1 : 0;
    }
    passage[at] = slot;
    different += inPassage[slot] == 0 ? 1 : 0;
    inPassage[slot]++;
    if (words >= PASSAGE - 1) {
      passages++;
      differentSum += different;
    }
  }

  /** Runs of three words that stood in the text before. */
  int repeats() {
    return repeats;
  }

  /** Log ratio of the different words in a passage, on average, to what is usual; 0 without any. */
  double variety() {
    double n = Math.clamp(words, 1, PASSAGE);
    double found = passages > 0 ? differentSum / passages : Math.max(1, different);
    return Math.log(found / Math.pow(n, USUAL_VARIETY));
  }
}
