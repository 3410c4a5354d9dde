package dev.palate.core.traits;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Counted traits of a response as the answer to its request: what it takes up of the request, in
 * what language and order of words it is written, whether it ends, refuses, says nothing, repeats
 * itself, and whether it has the form that was asked for. Routed experts read them; no taste does.
 *
 * <p>Time is linear in the length of both texts. Words are English; of another language what is
 * shared, the script, repetition and the ending remain.
 */
public final class PairTraits {

  /** The traits' names, in the order of their values. */
  public static final List<String> NAMES =
      List.of(
          "shared_words",
          "request_coverage",
          "echo",
          "same_script",
          "same_language",
          "word_order",
          "spelling",
          "unreadable",
          "finished",
          "substance",
          "empty",
          "refusal",
          "non_answer",
          "dismissive",
          "repeated_sentences",
          "repeated_phrases",
          "refusal_of_harm",
          "warmth_for_feeling",
          "tone_asked",
          "list_asked",
          "table_asked",
          "code_asked",
          "brevity_asked",
          "count_asked",
          "only_a_question");

  private static final double ENOUGH_WORDS = 30;

  /** Words that count as read before any: shares of short texts stay moderate. */
  private static final double FEW = 3;

  private static final int LARGEST_COUNT = 20;

  /** Share of function words in an English request, at least. */
  private static final double ENGLISH = .25;

  /** Spelling that no English text has. */
  private static final double MISSPELLED = -.5;

  /** Words of a text that may end without a mark. */
  private static final int SHORT = 6;

  private final Fluency fluency;

  public PairTraits(Fluency fluency) {
    this.fluency = fluency;
  }

  /**
   * The traits of a response to a request, {@code float[NAMES.size()]}, all finite, whatever the
   * texts hold.
   *
   * @param prompt in its one text form
   * @throws NullPointerException for null
   */
  public float[] of(String prompt, String response) {
    return of(request(prompt), response);
  }

  /**
   * What the user said last, read once for all its responses.
   *
   * @param prompt in its one text form
   */
  public static Request request(String prompt) {
    String text = PromptTurns.of(Objects.requireNonNull(prompt, "'prompt' is null")).last();
    WordSequence words = WordSequence.of(text);
    return new Request(
        words, TextScanner.scan(text), stems(words), triples(words), Writing.of(text, words));
  }

  /** As {@link #of(String, String)}, of a request that was read before. */
  public float[] of(Request request, String response) {
    String text = Objects.requireNonNull(response, "'response' is null").strip();
    WordSequence words = WordSequence.of(text);
    TextCounts counts = TextScanner.scan(text);
    int read = 0;
    int shared = 0;
    Set<String> taken = new HashSet<>();
    for (String word : words.words()) {
      if (!WordSequence.isMark(word) && !Fluency.isFunctionWord(word)) {
        String stem = stem(word);
        read++;
        if (request.stems.contains(stem)) {
          shared++;
          taken.add(stem);
        }
      }
    }
    Writing writing = Writing.of(text, words);
    boolean refuses = counts.count(WordKind.REFUSAL) > 0;
    boolean list = counts.bullets + counts.numbered > 1;
    double spelling = fluency.spelling(words);
    double few = 1 / (1 + counts.words / ENOUGH_WORDS);
    double[] values = {
      shared / (read + FEW),
      taken.size() / (request.stems.size() + FEW),
      echo(request, words),
      writing.scriptShared(request.writing),
      -Math.abs(writing.english() - request.writing.english()),
      fluency.wordOrder(words),
      spelling,
      request.writing.english() > ENGLISH && spelling < MISSPELLED ? 1 : 0,
      finished(text) ? 1 : 0,
      Math.log1p(Math.min(counts.words, ENOUGH_WORDS)),
      read == 0 && counts.numbers == 0 && counts.words == 0 ? 1 : 0,
      refuses ? 1 : 0,
      counts.count(WordKind.NON_ANSWER) * few,
      counts.count(WordKind.DISMISSIVE) * few,
      repeatedSentences(words),
      counts.repeats / (counts.words + FEW),
      request.harms() ? refuses ? 1 : -1 : 0,
      request.has(WordKind.FEELING)
          ? rate(counts, WordKind.WARMTH) + rate(counts, WordKind.APOLOGY)
          : 0,
      tone(request, counts),
      asked(request.has(WordKind.ASKS_LIST), list),
      asked(request.has(WordKind.ASKS_TABLE), counts.tableRows > 1),
      asked(request.has(WordKind.ASKS_CODE), counts.codeLines + counts.inlineCode > 0),
      request.has(WordKind.ASKS_BRIEF) ? Math.log((ENOUGH_WORDS + 1) / (counts.words + 1.0)) : 0,
      countAsked(request, counts, list),
      counts.sentences == 1 && text.endsWith("?") ? 1 : 0
    };
    float[] traits = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      traits[i] = (float) values[i];
    }
    return traits;
  }

  private static double rate(TextCounts counts, WordKind kind) {
    return Math.log1p(counts.count(kind)) - Math.log1p(counts.proseWords / ENOUGH_WORDS);
  }

  private static double asked(boolean asked, boolean given) {
    return !asked ? 0 : given ? 1 : -1;
  }

  /** The official tone where one was asked for, the casual one where that was. */
  private static double tone(Request request, TextCounts counts) {
    boolean formal = request.has(WordKind.ASKS_FORMAL);
    boolean casual = request.has(WordKind.ASKS_CASUAL);
    if (formal == casual) {
      return 0;
    }
    double tone =
        rate(counts, WordKind.FORMAL)
            - rate(counts, WordKind.CASUAL)
            - Math.log1p(counts.exclamations + counts.emoji + counts.contractions);
    return formal ? tone : -tone;
  }

  /** 1 where as many words, sentences or items stand there as were asked for, -1 where not. */
  private static double countAsked(Request request, TextCounts counts, boolean list) {
    int asked = request.number();
    if (asked <= 0 || asked > LARGEST_COUNT) {
      return 0;
    }
    int items = counts.bullets + counts.numbered;
    boolean kept;
    if (request.has(WordKind.WORD_UNIT)) {
      kept = counts.words <= asked;
    } else if (request.has(WordKind.SENTENCE_UNIT)) {
      kept = counts.sentences == asked;
    } else if (request.has(WordKind.ITEM_UNIT)) {
      kept = list ? items == asked : counts.words > asked;
    } else {
      return 0;
    }
    return kept ? 1 : -1;
  }

  /** Share of the response's runs of three words that stand in the request. */
  private static double echo(Request request, WordSequence words) {
    List<Integer> own = runs(words);
    int found = 0;
    for (int run : own) {
      found += request.triples.contains(run) ? 1 : 0;
    }
    return found / (own.size() + FEW);
  }

  private static Set<Integer> triples(WordSequence words) {
    return new HashSet<>(runs(words));
  }

  private static List<Integer> runs(WordSequence words) {
    List<String> plain = words.words().stream().filter(w -> !WordSequence.isMark(w)).toList();
    List<Integer> runs = new java.util.ArrayList<>();
    for (int i = 2; i < plain.size(); i++) {
      runs.add(Objects.hash(plain.get(i - 2), plain.get(i - 1), plain.get(i)));
    }
    return runs;
  }

  /** Share of the sentences that stood there before. */
  private static double repeatedSentences(WordSequence words) {
    Set<Integer> seen = new HashSet<>();
    int sentences = 0;
    int repeated = 0;
    int hash = 1;
    int length = 0;
    for (int i = 0; i <= words.words().size(); i++) {
      boolean end = i == words.words().size() || words.words().get(i).equals(WordSequence.SENTENCE);
      if (!end) {
        hash = 31 * hash + words.words().get(i).hashCode();
        length++;
      } else if (length > 0) {
        sentences++;
        repeated += length > 1 && !seen.add(hash) ? 1 : 0;
        hash = 1;
        length = 0;
      }
    }
    return repeated / (sentences + 1.0);
  }

  /** Whether the last character may end a text. */
  private static boolean finished(String text) {
    if (text.isEmpty()) {
      return false;
    }
    int last = text.codePointBefore(text.length());
    if (!Character.isLetterOrDigit(last)) {
      return last != ',' && last != ':' && last != ';' && last != '-' && last != '(';
    }
    int line = text.lastIndexOf('\n') + 1;
    String lastLine = text.substring(line).strip();
    // an item, a line of a poem, a title, a command or a single term ends without a mark
    if (line > 0 && lastLine.length() < 80) {
      return true;
    }
    String[] words = lastLine.split("\\s+");
    boolean hanging = Fluency.isFunctionWord(words[words.length - 1].toLowerCase(Locale.ROOT));
    return words.length <= SHORT && !hanging;
  }

  private static Set<String> stems(WordSequence words) {
    Set<String> stems = new HashSet<>();
    for (String word : words.words()) {
      if (!WordSequence.isMark(word) && !Fluency.isFunctionWord(word)) {
        stems.add(stem(word));
      }
    }
    return stems;
  }

  /** The word without a common ending. */
  private static String stem(String word) {
    for (String ending : List.of("ing", "ies", "es", "ed", "ly", "s", "e", "y")) {
      if (word.length() - ending.length() >= 3 && word.endsWith(ending)) {
        return word.substring(0, word.length() - ending.length());
      }
    }
    return word.toLowerCase(Locale.ROOT);
  }

  /** What is read of a request. */
  public static final class Request {
    private final WordSequence words;
    private final TextCounts counts;
    private final Set<String> stems;
    private final Set<Integer> triples;
    private final Writing writing;

    private Request(
        WordSequence words,
        TextCounts counts,
        Set<String> stems,
        Set<Integer> triples,
        Writing writing) {
      this.words = words;
      this.counts = counts;
      this.stems = stems;
      this.triples = triples;
      this.writing = writing;
    }

    private boolean has(WordKind kind) {
      return counts.count(kind) > 0;
    }

    /** Killing a process harms nobody. */
    private boolean harms() {
      return has(WordKind.HARM) && !has(WordKind.ASKS_CODE);
    }

    private static final List<String> NUMBERS =
        List.of(
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");

    /** The number right before a counted unit; 0 without one. */
    private int number() {
      List<String> list = words.words();
      for (int i = 0; i + 1 < list.size(); i++) {
        int number = number(list.get(i));
        if (number > 0 && unit(list, i + 1)) {
          return number;
        }
      }
      return 0;
    }

    private static boolean unit(List<String> list, int from) {
      for (int i = from; i < Math.min(list.size(), from + 3); i++) {
        long kinds = kinds(list.get(i));
        if ((kinds
                & (WordKind.WORD_UNIT.bit()
                    | WordKind.SENTENCE_UNIT.bit()
                    | WordKind.ITEM_UNIT.bit()))
            != 0) {
          return true;
        }
      }
      return false;
    }

    private static long kinds(String word) {
      Lexicon.Node node = Lexicon.ENGLISH.root().after(word);
      return node == null ? 0 : node.kinds();
    }

    private static int number(String word) {
      int named = NUMBERS.indexOf(word);
      if (named >= 0) {
        return named;
      }
      boolean digits = word.length() <= 2 && word.chars().allMatch(c -> c >= '0' && c <= '9');
      return digits ? Integer.parseInt(word) : 0;
    }
  }
}
