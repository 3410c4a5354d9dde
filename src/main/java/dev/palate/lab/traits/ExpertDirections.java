package dev.palate.lab.traits;

import dev.palate.core.traits.TextTraits;
import java.util.List;

/**
 * The shared experts' directions over standardized traits, made by hand: which traits a reader
 * would name by the expert's name, and how strongly each speaks for it. What they share with the
 * length is taken away later ({@link SharedExpertRecipe}); units cancel there too.
 */
final class ExpertDirections {

  /**
   * @param name for people
   * @param description a sentence; positive means more of the name
   * @param weights {@code float[traits]}
   * @param reads length itself: left as it is
   */
  record Direction(String name, String description, float[] weights, boolean length) {}

  static final List<Direction> ALL =
      List.of(
          new Direction(
              "Brevity", "Positive: prefers shorter answers.", weights("length -1"), true),
          of(
              "Structure",
              "Positive: prefers lists, headings and tables to running prose.",
              "bullets 1, numbered_items 1, headings 1, table_rows 1, paragraphs .3,"
                  + " sentence_length -.2"),
          of(
              "Formality",
              "Positive: prefers formal wording, without contractions and slang.",
              "formal_words 1, long_words .4, word_length .4, contractions -1.2, casual_words -1,"
                  + " exclamations -.3, emoji -.3, second_person -.2"),
          of(
              "Warmth",
              "Positive: prefers a warm, encouraging tone.",
              "warmth 1.5, second_person .3, exclamations -.2, emoji -.2, numbers -.2, long_words"
                  + " -.2"),
          of(
              "Expressiveness",
              "Positive: prefers emoji, exclamation marks and emphasis.",
              "exclamations 1.2, emoji 1"),
          of(
              "Caution",
              "Positive: prefers hedged answers that name limits and exceptions.",
              "hedges 1, conditions 1, certainty -.6, instructions -.3, exclamations -.1"),
          of(
              "Directness",
              "Positive: prefers a clear answer at once, without preamble.",
              "preamble -.8, vague_words -.8, answer_first .8, instructions .6, hedges -.3,"
                  + " questions -.2, certainty .2"),
          of(
              "Concreteness",
              "Positive: prefers names, numbers and examples to general statements.",
              "numbers 1, units .6, names .8, things .6, examples .3, vague_words -.8,"
                  + " word_length -.1"),
          of(
              "Code first",
              "Positive: prefers code early in the answer to an explanation in words.",
              "early_code 1, code_lines .7, inline_code .4"),
          of(
              "Figurative language",
              "Positive: prefers comparisons and images.",
              "comparisons 1, imagery 1"),
          of(
              "Addressing the reader",
              "Positive: prefers to be spoken to (\"you\", instructions) to impersonal statements.",
              "second_person 1.4, instructions .6"),
          of(
              "Plain words",
              "Positive: prefers short, everyday words and short sentences.",
              "word_length -1, long_words -1, everyday_words .6, sentence_length -.5, formal_words"
                  + " -.3"));

  private ExpertDirections() {}

  private static Direction of(String name, String description, String weights) {
    return new Direction(name, description, weights(weights), false);
  }

  /** Of "trait weight, trait weight"; 0 for traits not named. */
  private static float[] weights(String text) {
    float[] weights = new float[TextTraits.NAMES.size()];
    for (String part : text.split(",")) {
      String[] traitAndWeight = part.strip().split(" ");
      weights[TextTraits.NAMES.indexOf(traitAndWeight[0])] = Float.parseFloat(traitAndWeight[1]);
    }
    return weights;
  }
}
