package dev.palate.core.traits;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much a text's words stand in an order that language has, and its words are spelled as words
 * are. Both are sums of log ratios from tables that were counted on training texts: how often two
 * classes of words, or two letters, follow each other against how often they would by chance. A
 * word's class is the word itself for function words, else its ending or shape.
 *
 * @param order {@code float[CLASSES][CLASSES]}: log ratio of a class after another
 * @param letters {@code float[LETTERS][LETTERS]}: log ratio of a letter after another; the last is
 *     a word's beginning and end
 * @param usual {@code float[2]}: mean log ratio of words and of letters in the training texts
 */
public record Fluency(float[][] order, float[][] letters, float[] usual) {

  private static final List<String> FUNCTION_WORDS =
      List.of(
          ("the a an this that these those my your his her its our their some any no every each all both"
                  + " i you he she it we they me him us them who what which when where why how"
                  + " is are was were be been being am isn't aren't wasn't do does did don't doesn't didn't"
                  + " have has had having will would can could should may might must won't can't"
                  + " and or but if because so than then as while although though whether unless until"
                  + " of in to for on at by with from about into over after before under between through"
                  + " during without within against up down out off across around near along"
                  + " not very too also just only even still more most less much many few other same such"
                  + " there here now one two first last new good let like get make go use take need want"
                  + " it's i'm you're that's there's let's")
              .split(" "));

  private static final int SENTENCE = 0;
  private static final int CLAUSE = 1;
  private static final int NUMBER = 2;
  private static final int NAME = 3;
  private static final int FOREIGN = 4;
  private static final List<String> ENDINGS =
      List.of(
          "ing", "ed", "ly", "ion", "ment", "ness", "ity", "ies", "es", "s", "er", "est", "al",
          "ous", "ive", "able", "ful", "en", "y", "e");
  private static final int FIRST_ENDING = 5;
  private static final int SHORT = FIRST_ENDING + ENDINGS.size();
  private static final int OTHER = SHORT + 1;
  private static final int FIRST_WORD = OTHER + 1;

  /** Classes of words, marks among them. */
  public static final int CLASSES = FIRST_WORD + FUNCTION_WORDS.size();

  /** a to z, and the end of a word. */
  public static final int LETTERS = 27;

  private static final int EDGE = LETTERS - 1;
  private static final int SHORT_WORD = 4;

  private static final Map<String, Integer> CLASS_OF = new HashMap<>();

  static {
    for (int i = 0; i < FUNCTION_WORDS.size(); i++) {
      CLASS_OF.put(FUNCTION_WORDS.get(i), FIRST_WORD + i);
    }
  }

  /** Neighbours that count as seen before any: short texts stay near 0. */
  private static final double FEW_WORDS = 4;

  private static final double FEW_LETTERS = 12;

  /**
   * @throws IllegalArgumentException naming the field that is not as described
   */
  public Fluency {
    order = square("order", order, CLASSES);
    letters = square("letters", letters, LETTERS);
    usual = SharedExperts.numbers("usual", usual, 2);
  }

  private static float[][] square(String field, float[][] table, int size) {
    if (table == null || table.length != size) {
      throw new IllegalArgumentException("'%s' must be %d rows".formatted(field, size));
    }
    float[][] copy = new float[size][];
    for (int i = 0; i < size; i++) {
      if (table[i] == null || table[i].length != size) {
        throw new IllegalArgumentException("'%s[%d]' must be %d numbers".formatted(field, i, size));
      }
      for (float value : table[i]) {
        if (!Float.isFinite(value)) {
          throw new IllegalArgumentException("'" + field + "' must be finite, was " + value);
        }
      }
      copy[i] = table[i].clone();
    }
    return copy;
  }

  /** Of no texts: every order and spelling is as good as another. */
  public static Fluency unknown() {
    return new Fluency(new float[CLASSES][CLASSES], new float[LETTERS][LETTERS], new float[2]);
  }

  /** Whether a word says little by itself. */
  static boolean isFunctionWord(String word) {
    return CLASS_OF.containsKey(word);
  }

  /** Mean log ratio of neighbouring words' classes less the usual one, near 0 for few words. */
  double wordOrder(WordSequence text) {
    double[] sum = new double[2];
    eachOrder(
        text,
        (before, after) -> {
          sum[0] += order[before][after];
          sum[1]++;
        });
    return (sum[0] - usual[0] * sum[1]) / (sum[1] + FEW_WORDS);
  }

  /**
   * Mean log ratio of neighbouring letters in words of a to z less the usual one, near 0 for few.
   */
  double spelling(WordSequence text) {
    double[] sum = new double[2];
    eachLetter(
        text,
        (before, after) -> {
          sum[0] += letters[before][after];
          sum[1]++;
        });
    return (sum[0] - usual[1] * sum[1]) / (sum[1] + FEW_LETTERS);
  }

  /** Two neighbours, each a class or a letter. */
  interface Neighbours {
    void are(int before, int after);
  }

  static void eachOrder(WordSequence text, Neighbours neighbours) {
    int before = SENTENCE;
    for (int i = 0; i < text.words().size(); i++) {
      int here = classOf(text.words().get(i), before != SENTENCE && text.capitalized().get(i));
      neighbours.are(before, here);
      before = here;
    }
    if (before != SENTENCE) {
      neighbours.are(before, SENTENCE);
    }
  }

  static void eachLetter(WordSequence text, Neighbours neighbours) {
    for (String word : text.words()) {
      if (word.length() < 3 || !isLatin(word)) {
        continue;
      }
      int before = EDGE;
      for (int i = 0; i < word.length(); i++) {
        int here = word.charAt(i) - 'a';
        neighbours.are(before, here);
        before = here;
      }
      neighbours.are(before, EDGE);
    }
  }

  private static boolean isLatin(String word) {
    return word.chars().allMatch(c -> c >= 'a' && c <= 'z');
  }

  private static int classOf(String word, boolean capitalInside) {
    if (word.equals(WordSequence.SENTENCE)) {
      return SENTENCE;
    }
    if (word.equals(WordSequence.CLAUSE)) {
      return CLAUSE;
    }
    Integer known = CLASS_OF.get(word);
    if (known != null) {
      return known;
    }
    if (Character.isDigit(word.charAt(0))) {
      return NUMBER;
    }
    if (capitalInside) {
      return NAME;
    }
    if (word.charAt(0) > 'z') {
      return FOREIGN;
    }
    if (word.length() <= SHORT_WORD) {
      return SHORT;
    }
    for (int i = 0; i < ENDINGS.size(); i++) {
      if (word.endsWith(ENDINGS.get(i))) {
        return FIRST_ENDING + i;
      }
    }
    return OTHER;
  }

  /** Counts the tables on texts; they are learned from chosen responses. */
  public static final class Counter {

    /** Neighbours that are thought seen before any is, as often as by chance. */
    private static final double PRIOR = 20;

    private static final double LARGEST = 3;

    private final double[][] order = new double[CLASSES][CLASSES];
    private final double[][] letters = new double[LETTERS][LETTERS];

    /** Counts one text. */
    public void add(String text) {
      WordSequence words = WordSequence.of(text);
      eachOrder(words, (before, after) -> order[before][after]++);
      eachLetter(words, (before, after) -> letters[before][after]++);
    }

    /** Of all texts so far. */
    public Fluency fluency() {
      float[][] words = logRatios(order, false);
      float[][] spelled = logRatios(letters, true);
      return new Fluency(words, spelled, new float[] {mean(order, words), mean(letters, spelled)});
    }

    private static float mean(double[][] counts, float[][] ratios) {
      double sum = 0;
      double total = 0;
      for (int i = 0; i < counts.length; i++) {
        for (int j = 0; j < counts.length; j++) {
          sum += counts[i][j] * ratios[i][j];
          total += counts[i][j];
        }
      }
      return total == 0 ? 0 : (float) (sum / total);
    }

    /**
     * @param toUniform against every neighbour being as likely as another: of letters, whose own
     *     frequency tells words from keys struck at random
     */
    private static float[][] logRatios(double[][] counts, boolean toUniform) {
      int n = counts.length;
      double[] before = new double[n];
      double[] after = new double[n];
      double total = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          before[i] += counts[i][j];
          after[j] += counts[i][j];
          total += counts[i][j];
        }
      }
      float[][] ratios = new float[n][n];
      for (int i = 0; i < n && total > 0; i++) {
        for (int j = 0; j < n; j++) {
          double chance = toUniform ? before[i] / n : before[i] * after[j] / total;
          double ratio = Math.log((counts[i][j] + PRIOR) / (chance + PRIOR));
          ratios[i][j] = (float) Math.clamp(ratio, -LARGEST, LARGEST);
        }
      }
      return ratios;
    }
  }
}
