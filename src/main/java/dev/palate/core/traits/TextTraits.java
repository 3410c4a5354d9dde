package dev.palate.core.traits;

import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Counted traits of a response: what a person would call its style. Counted from the text itself,
 * not from an encoder's tokens, in one pass: time is linear in the length, memory bounded.
 *
 * <p>A rate is a log ratio, {@code log((count + 1) / (words * usual + 1))}: how often something
 * stands in the text against how often it usually would in so many words, with one occurrence added
 * to both. So 0 means as usual, an emoji in a text of two words is one emoji and not 50 %, and a
 * thousand are a few steps more than ten. Words are English; of another language length, marks,
 * numbers and form remain.
 */
public final class TextTraits {

  private record Trait(String name, ToDoubleFunction<TextCounts> value) {}

  private static final List<Trait> TRAITS =
      List.of(
          new Trait("length", c -> Math.log1p(c.words)),
          new Trait("sentence_length", c -> Math.log((c.proseWords + 15.0) / (c.sentences + 1.0))),
          new Trait("word_length", c -> (c.letters + 45.0) / (c.proseWords + 10.0)),
          rate("long_words", .18, c -> c.longWords),
          new Trait("bullets", c -> Math.log1p(c.bullets)),
          new Trait("numbered_items", c -> Math.log1p(c.numbered)),
          new Trait("headings", c -> Math.log1p(c.headings + .5 * c.bold)),
          rate("paragraphs", .01, c -> c.breaks),
          new Trait("code_lines", c -> Math.log1p(c.codeLines)),
          new Trait("early_code", TextTraits::earlyCode),
          new Trait("inline_code", c -> Math.log1p(c.inlineCode)),
          new Trait("table_rows", c -> Math.log1p(c.tableRows)),
          rate("numbers", .025, c -> c.numbers + c.unitSigns + c.count(WordKind.NUMBER_WORD)),
          rate("units", .012, c -> c.unitSigns + c.count(WordKind.UNIT)),
          rate("names", .05, c -> c.names),
          rate("emoji", .0005, c -> c.emoji),
          rate("exclamations", .002, c -> c.exclamations + c.shouts),
          rate("questions", .004, c -> c.questions),
          kind("first_person", .02, WordKind.FIRST_PERSON),
          kind("second_person", .01, WordKind.SECOND_PERSON),
          rate("instructions", .005, c -> c.imperatives),
          rate("contractions", .009, c -> c.contractions),
          kind("casual_words", .012, WordKind.CASUAL),
          kind("formal_words", .024, WordKind.FORMAL),
          kind("hedges", .022, WordKind.HEDGE),
          kind("certainty", .012, WordKind.CERTAIN),
          kind("conditions", .012, WordKind.CONDITION),
          new Trait("preamble", c -> Math.log1p(c.count(WordKind.PREAMBLE))),
          new Trait("answer_first", c -> c.answersFirst ? 1 : 0),
          kind("vague_words", .037, WordKind.VAGUE),
          kind("warmth", .012, WordKind.WARMTH),
          kind("apology", .001, WordKind.APOLOGY),
          kind("examples", .005, WordKind.EXAMPLE),
          kind("things", .027, WordKind.THING),
          kind("reasons", .005, WordKind.REASON),
          rate("comparisons", .003, c -> c.count(WordKind.COMPARE) + c.asAs),
          kind("imagery", .017, WordKind.IMAGE),
          kind("everyday_words", .5, WordKind.BASIC),
          new Trait("variety", c -> c.variety),
          rate("repetition", .03, c -> c.repeats));

  /** The traits' names, in the order of their values. */
  public static final List<String> NAMES = TRAITS.stream().map(Trait::name).toList();

  private TextTraits() {}

  private static Trait kind(String name, double usual, WordKind kind) {
    return rate(name, usual, c -> c.count(kind));
  }

  private static Trait rate(String name, double usual, ToDoubleFunction<TextCounts> count) {
    return new Trait(
        name, c -> Math.log((count.applyAsDouble(c) + 1) / (c.proseWords * usual + 1)));
  }

  /** 1 for code with no prose before it, halved by twenty words of prose; 0 without code. */
  private static double earlyCode(TextCounts c) {
    return c.wordsBeforeCode < 0 ? 0 : 1 / (1 + c.wordsBeforeCode / 20.0);
  }

  /**
   * The traits of a text, {@code float[NAMES.size()]}, all finite, whatever the text holds.
   *
   * @throws NullPointerException for null
   */
  public static float[] of(String response) {
    TextCounts counts = TextScanner.scan(Objects.requireNonNull(response, "'response' is null"));
    float[] values = new float[TRAITS.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) TRAITS.get(i).value().applyAsDouble(counts);
    }
    return values;
  }
}
