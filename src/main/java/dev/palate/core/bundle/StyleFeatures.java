package dev.palate.core.bundle;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Traits of a text that can be counted and that an embedding of length 1 says little of: how long
 * it is, whether it asks, hedges, lists. Each is {@code log(1 + n)}, n the tokens of its kind that
 * the encoder reads, and becomes one more coordinate of the text, after the embedding. They have
 * names, so that an expert's card can say what the expert makes of them.
 *
 * <p>They are functions of the token ids alone: the archive counts them by a table, and training
 * and serving cannot differ. Words are English; of another language length, marks and numbers
 * remain.
 */
public final class StyleFeatures {

  private static final Pattern NUMBER = Pattern.compile("(##)?[0-9]+");

  private record Feature(String name, Predicate<String> counts) {}

  private static final List<Feature> FEATURES =
      List.of(
          new Feature("length", token -> true),
          of("sentences", ". ! ?"),
          of("questions", "?"),
          of("exclamations", "!"),
          of("commas", ", ;"),
          of("quotes", "\" “ ”"),
          of("list_marks", "* - – • # : |"),
          new Feature("numbers", token -> NUMBER.matcher(token).matches()),
          new Feature("rare_words", token -> token.startsWith("##")),
          of("first_person", "i me my mine myself we us our ours ourselves"),
          of("second_person", "you your yours yourself yourselves"),
          of("negations", "not no never none nothing nobody neither nor cannot without"),
          of("hedges", "may might could perhaps maybe seems seem probably possibly likely appears"),
          of("courtesies", "please sorry thank thanks unfortunately apologize welcome glad hope"));

  /** The features' names, in the order of their coordinates. */
  public static final List<String> NAMES = FEATURES.stream().map(Feature::name).toList();

  private StyleFeatures() {}

  private static Feature of(String name, String tokens) {
    return new Feature(name, List.of(tokens.split(" "))::contains);
  }

  /**
   * 1 where a token counts for a feature, {@code [vocabulary, features]}; added tokens never, the
   * special ones among them. Whether words are in capitals does not matter.
   *
   * @throws BundleException for a vocabulary other than WordPiece, whose tokens are no words
   */
  public static Tensor table(byte[] tokenizerJson) {
    Vocabulary vocabulary = Vocabulary.of(tokenizerJson);
    if (!vocabulary.model().equals("WordPiece") || !vocabulary.continuation().equals("##")) {
      throw new BundleException(
          "Style features are counted from WordPiece tokens ('##' inside a word); the encoder's tokenizer"
              + " is %s ('%s'). Train with --no-style-features."
                  .formatted(vocabulary.model(), vocabulary.continuation()));
    }
    float[][] table = new float[vocabulary.size()][FEATURES.size()];
    vocabulary
        .ids()
        .forEach((token, id) -> {
          String lower = token.toLowerCase(Locale.ROOT);
          for (int f = 0; f < FEATURES.size() && !vocabulary.added().contains(token); f++) {
            table[id][f] = FEATURES.get(f).counts().test(lower) ? 1 : 0;
          }
        });
    return Tensor.matrix(table);
  }
}
