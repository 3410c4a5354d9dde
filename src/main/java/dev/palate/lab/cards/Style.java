package dev.palate.lab.cards;

import dev.palate.lab.data.PreferencePair;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a response is written, whatever it is about. All but the length are shares of its words or
 * sentences: a long response does not have more of everything.
 */
enum Style {
  LENGTH("longer", "shorter", "longer responses", "shorter responses", text -> text.raw.length()),
  SENTENCE_LENGTH(
      "long sentences",
      "short sentences",
      "longer sentences",
      "shorter sentences",
      text -> text.words / count(Patterns.SENTENCE_END, text.raw)),
  WORD_LENGTH(
      "long words",
      "plain words",
      "longer words",
      "shorter words",
      text -> (double) text.raw.replaceAll("[^\\p{L}]", "").length() / text.words),
  LISTS("lists", "no lists", "lists", "running text to lists", share(Patterns.LIST)),
  QUESTIONS("questions", "no questions", "asking questions", "asking no questions", share("\\?")),
  EXCLAMATIONS("exclaiming", "calm", "exclamation marks", "no exclamation marks", share("!")),
  DIRECT_SPEECH("direct speech", "narration", "direct speech", "no direct speech", share("[\"“”]")),
  FIRST_PERSON(
      "first person",
      "impersonal",
      "speaking in the first person",
      "not speaking in the first person",
      share("(i|me|my|mine|myself|i'm|i've|i'd|i'll)")),
  SECOND_PERSON(
      "addressing the reader",
      "no \"you\"",
      "addressing the reader",
      "not addressing the reader",
      share("(you|your|yours|yourself|you're|you've|you'll|you'd)")),
  TOGETHER(
      "\"we\"",
      "no \"we\"",
      "speaking as \"we\"",
      "not speaking as \"we\"",
      share("(we|us|our|ours|ourselves|we're|we've|we'll|we'd)")),
  NUMBERS("numbers", "no numbers", "numbers", "no numbers", share("\\d[\\d.,%]*")),
  HEDGES(
      "hedged",
      "assertive",
      "hedged wording",
      "assertive wording",
      share(
          "(maybe|perhaps|might|could|seems?|seemed|probably|possibly|likely|somewhat|apparently"
              + "|i think|i guess|i believe|sort of|kind of|in my opinion)")),
  NEGATIONS(
      "negations",
      "affirmative",
      "negations",
      "affirmative wording",
      share("(not|no|never|nothing|nobody|none|neither|nor|cannot|\\p{L}+n't)")),
  DEMANDS(
      "demands",
      "no demands",
      "saying what should be done",
      "not saying what should be done",
      share("(should|must|need to|needs to|ought to|have to|has to|let's)")),
  REASONS(
      "reasons",
      "no reasons",
      "giving reasons",
      "giving no reasons",
      share(
          "(because|since|therefore|thus|hence|so that|due to|as a result|for example|for"
              + " instance|in order to)")),
  POLITENESS(
      "polite",
      "blunt",
      "polite wording",
      "no polite wording",
      share("(please|thanks?|thank you|sorry|apologi[sz]e|glad|happy to|welcome|appreciate)")),
  REFUSALS(
      "refusals",
      "no refusals",
      "refusals",
      "no refusals",
      share(
          "(i can't|i cannot|i won't|i will not|i'm not able|i am not able|i'm unable|i am unable"
              + "|i'm not sure|i don't know|i don't understand|i'm sorry|i am sorry|i'd rather not"
              + "|not appropriate|as an ai)")),
  INFORMAL(
      "informal",
      "formal",
      "informal wording",
      "formal wording",
      share(
          "(lol|haha\\w*|gonna|wanna|gotta|yeah|yep|nope|hey|dude|guys?|kids?|stuff|ok|okay|u|ur|im"
              + "|dont|cant|crap|damn|hell|\\p{L}+'(re|ve|ll|d|m)|\\p{L}+n't)"));

  /** Characters; some 256 tokens, and a little more. */
  private static final int READ = 2000;

  private final String more;
  private final String less;
  private final String preferringMore;
  private final String preferringLess;
  private final ToDoubleFunction<Text> measure;

  Style(
      String more,
      String less,
      String preferringMore,
      String preferringLess,
      ToDoubleFunction<Text> measure) {
    this.more = more;
    this.less = less;
    this.preferringMore = preferringMore;
    this.preferringLess = preferringLess;
    this.measure = measure;
  }

  /** How much of it a text has, as far as an encoder reads. */
  double of(String text) {
    return measure.applyAsDouble(Text.of(text));
  }

  /** A text, as far as an encoder reads, and what many styles want of it. */
  private record Text(String raw, String lower, double words) {
    static Text of(String text) {
      String read = text.length() > READ ? text.substring(0, READ) : text;
      String lower = read.toLowerCase(Locale.ROOT).replace('’', '\'');
      return new Text(read, lower, count(Patterns.WORD, read));
    }
  }

  /** One or two words, for a name. */
  String tag(boolean much) {
    return much ? more : less;
  }

  /** What comes behind "prefers". */
  String phrase(boolean much) {
    return much ? preferringMore : preferringLess;
  }

  /**
   * What pairs say of a style.
   *
   * @param differing pairs whose two responses differ in it
   * @param share of those, in how many the chosen response has more of it; NaN without any
   * @param z the mean difference over its standard error
   */
  record Effect(Style style, int differing, double share, double z) {

    boolean more() {
      return share > 0.5;
    }

    /** The share of the side that is preferred, at least a half. */
    double agreement() {
      return Math.max(share, 1 - share);
    }
  }

  /** Of every style, in their order. */
  static List<Effect> effects(List<PreferencePair> pairs) {
    double[][] differences = new double[values().length][pairs.size()];
    for (int i = 0; i < pairs.size(); i++) {
      Text chosen = Text.of(pairs.get(i).chosen());
      Text rejected = Text.of(pairs.get(i).rejected());
      for (Style style : values()) {
        differences[style.ordinal()][i] =
            style.measure.applyAsDouble(chosen) - style.measure.applyAsDouble(rejected);
      }
    }
    return Arrays.stream(values())
        .map(style -> style.effect(differences[style.ordinal()]))
        .toList();
  }

  private Effect effect(double[] differences) {
    int more = 0;
    int differing = 0;
    double sum = 0;
    double squares = 0;
    for (double difference : differences) {
      more += difference > 0 ? 1 : 0;
      differing += difference != 0 ? 1 : 0;
      sum += difference;
      squares += difference * difference;
    }
    double spread = Math.sqrt(squares - sum * sum / Math.max(1, differences.length));
    return new Effect(this, differing, (double) more / differing, spread > 0 ? sum / spread : 0);
  }

  /** Kept apart because an enum's own constants exist before its static fields do. */
  private static final class Patterns {
    static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}']+");
    static final Pattern SENTENCE_END = Pattern.compile("[.!?]+(\\s|$)|\\n+");
    static final Pattern LIST = Pattern.compile("(?m)^\\s*([-*•]|\\d+[.)])\\s");
  }

  private static ToDoubleFunction<Text> share(String words) {
    boolean letters = words.startsWith("(");
    return share(
        Pattern.compile(letters ? "(?<![\\p{L}\\p{N}'])" + words + "(?![\\p{L}\\p{N}'])" : words));
  }

  private static ToDoubleFunction<Text> share(Pattern pattern) {
    return text -> found(pattern, text.lower) / text.words;
  }

  /** At least one: everything is divided by it. */
  private static double count(Pattern pattern, String text) {
    return Math.max(1, found(pattern, text));
  }

  private static double found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    int found = 0;
    while (matcher.find()) {
      found++;
    }
    return found;
  }
}
