package dev.palate.core.traits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTraitsTest {

  private static float trait(String name, String text) {
    return TextTraits.of(text)[TextTraits.NAMES.indexOf(name)];
  }

  /** In each row the first text has more of the trait, at about the same length. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "length; one two three four; one two",
        "sentence_length; The bus left the square and turned to the north.; The bus left. It went"
            + " to the north. It was late.",
        "word_length; Extraordinary arrangements; the red cat",
        "long_words; Remarkable circumstances notwithstanding; all of the small red ones",
        "numbers; It took 12 of 40 or three.; It took some of the rest.",
        "numbers; It costs $5.; It costs a bit.",
        "units; It weighs 2 kg.; It weighs a lot.",
        "units; It grew by 5 %.; It grew by 5 again.",
        "names; We met Anna in Lisbon.; We met them in town.",
        "emoji; Done 🎉; Done now",
        "emoji; Done :-); Done now",
        "exclamations; Go! Now!; Go. Now.",
        "exclamations; This is sooooo good.; This is so very good.",
        "exclamations; This is the BEST one.; This is the best one.",
        "questions; Is it? Why?; It is. So.",
        "first_person; I told my aunt.; He told the aunt.",
        "second_person; You know your way.; They know the way.",
        "instructions; Wash the rice. Then add the salt.; The rice is washed. Then comes the salt.",
        "instructions; In the evening, lower the blind.; In the evening, the blind is low.",
        "contractions; It's late and we don't care.; It is late and we do not care.",
        "contractions; It’s late.; It is late.",
        "casual_words; Yeah, that stuff is awesome, dude.; Indeed that material is of high rank.",
        "formal_words; Consequently, several provisions were established.; So they made a few"
            + " rules.",
        "hedges; Perhaps it might rain.; It is going to rain.",
        "certainty; It always works, definitely.; It works in the shed.",
        "conditions; Unless it leaks, however, check it.; It leaks and drips in here.",
        "preamble; Great question! Let me answer.; Red wins. Blue loses here.",
        "answer_first; Yes, it floats.; Wood is a thing that floats.",
        "answer_first; Take the bus.; The bus is the thing.",
        "vague_words; Various factors in different situations.; Two bakers in the old mill.",
        "warmth; I'm so sorry, that sounds painful.; The bus left at the corner.",
        "apology; Unfortunately I cannot do it.; The bus left at the corner.",
        "examples; Fruit, for example plums.; Fruit, with stones inside.",
        "things; A spoon, a bowl and a towel.; An idea, a plan and a wish.",
        "reasons; It fell because it was wet.; It fell and it was wet.",
        "comparisons; It runs like a clock.; It runs on and on.",
        "comparisons; It is as light as paper.; It is light paper.",
        "imagery; The storm swallows the lighthouse.; The report lists the numbers.",
        "everyday_words; We go to the shop and eat.; Municipal procurement regulations.",
        "variety; red green blue black white pink; red red red red red red",
        "repetition; we go on and we go on and we go on; we go on and they come back to stay here",
      })
  void eachTraitIsHigherInATextThatHasMoreOfIt(String name, String more, String less) {
    assertThat(trait(name, more)).isGreaterThan(trait(name, less));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "bullets; - one|- two|* three; 3",
        "bullets; • one|• two; 2",
        "bullets; one - two - three; 0",
        "numbered_items; 1. one|2) two|a) three; 3",
        "numbered_items; 1.5 liters|2 cups; 0",
        "headings; # Title|text|## Part; 2",
        "headings; **a** and **b** and **c** and **d**; 2",
        "headings; #hashtag; 0",
        "inline_code; use `a` and `b`; 2",
        "inline_code; a ` alone; 0",
        "table_rows; ^ a ^ b ^|^---^---^|^ 1 ^ 2 ^; 2",
        "code_lines; ```|x = 1|y = 2|```|text; 2",
        "code_lines; text||    x = 1|    y = 2; 2",
        "code_lines; - item||    goes on|    and on; 0",
        "code_lines; print(a[0], b[1]); 1",
      })
  void formIsTheLogOfACount(String name, String lines, int count) {
    String text = lines.replace('|', '\n').replace('^', '|');
    assertThat(trait(name, text)).isEqualTo((float) Math.log1p(count));
  }

  @Test
  void paragraphsAreCountedByTheBlankLinesBetweenThem() {
    assertThat(trait("paragraphs", "a b c\n\nd e f\n\n\n\ng h i"))
        .isGreaterThan(trait("paragraphs", "a b c\n\nd e f g h i"))
        .isEqualTo((float) Math.log(3 / (9 * .01 + 1)));
  }

  @Test
  void codeIsEarlyWhereLittleProseStandsBeforeIt() {
    String code = "```\nx = 1\n```";
    assertThat(trait("early_code", code + "\nDone.")).isEqualTo(1);
    assertThat(trait("early_code", "word ".repeat(20) + "\n" + code)).isEqualTo(.5f);
    assertThat(trait("early_code", "no code")).isZero();
  }

  @Test
  void wordsOfCodeCountForLengthAndForNoRate() {
    assertThat(trait("length", "```\nyou = you\n```")).isEqualTo((float) Math.log1p(2));
    assertThat(trait("second_person", "```\nyou = you\n```")).isZero();
  }

  @Test
  void oneEmojiInTwoWordsIsOneEmojiAndNotHalfTheText() {
    float few = trait("emoji", "All done 🎉");
    float many = trait("emoji", "All done 🎉 " + "and some more words ".repeat(12));
    assertThat(few - many).isBetween(0f, .05f);
    assertThat(few).isLessThan(trait("emoji", "All done 🎉🎉"));
  }

  @Test
  void anEmojiOfSeveralCodePointsIsOne() {
    float one = trait("emoji", "ok 🎉");
    assertThat(trait("emoji", "ok 🏃‍♀️")).isEqualTo(one);
    assertThat(trait("emoji", "ok 👍🏽")).isEqualTo(one);
    assertThat(trait("emoji", "ok 🇵🇹")).isEqualTo(one);
    assertThat(trait("emoji", "ok ☀️")).isEqualTo(one);
    assertThat(trait("emoji", "ok ❤")).isEqualTo(one);
    assertThat(trait("emoji", "ok © 7#")).isLessThan(one);
  }

  @Test
  void preambleCountsAtTheBeginningOnly() {
    String late = "The mill stands by the river. ".repeat(6) + "Great question!";
    assertThat(trait("preamble", late)).isZero();
    assertThat(trait("preamble", "Great question! " + late)).isPositive();
  }

  @Test
  void aVerbThatTurnsOutToBeANounIsNoInstruction() {
    assertThat(trait("instructions", "Water is wet here."))
        .isEqualTo(trait("instructions", "Wine was red here."));
    assertThat(trait("instructions", "Bread, water and salt rose."))
        .isEqualTo(trait("instructions", "Bread, wine and oats rose."));
  }

  @Test
  void aLineBreakInsideASentenceEndsNothing() {
    assertThat(trait("sentence_length", "The bus left the square\nand turned north."))
        .isEqualTo(trait("sentence_length", "The bus left the square and turned north."));
  }

  @Test
  void pointsInNumbersAndAbbreviationsEndNoSentence() {
    assertThat(trait("sentence_length", "It took 3.5 of them e.g. in town."))
        .isEqualTo(trait("sentence_length", "It took three of them here in town."));
  }

  @Test
  void capitalsAtASentencesBeginningOrInAHeadingAreNoNames() {
    float none = trait("names", "they met. then they left. all went.");
    assertThat(trait("names", "They met. Then they left. All went.")).isEqualTo(none);
    assertThat(trait("names", "# They Met Then They Left All Went")).isEqualTo(none);
  }

  @Test
  void asWellAsComparesNothing() {
    assertThat(trait("comparisons", "salt as well as oil here"))
        .isEqualTo(trait("comparisons", "salt and then some oil here"));
  }

  @Test
  void addressesAreOneWord() {
    assertThat(trait("length", "see https://example.org/a/b?c=d#e now"))
        .isEqualTo((float) Math.log1p(3));
  }

  @Test
  void namesAreDifferentAndAsManyAsValues() {
    assertThat(TextTraits.NAMES).doesNotHaveDuplicates().hasSize(TextTraits.of("").length);
  }
}
