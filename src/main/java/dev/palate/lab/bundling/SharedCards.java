package dev.palate.lab.bundling;

import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.traits.SharedExperts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The cards of shared experts, with the words for a user's summary. */
final class SharedCards {

  /**
   * @param more what a user likes whose shift is positive
   * @param less what a user likes whose shift is negative
   */
  private record Words(String more, String less) {}

  private static final Map<String, Words> WORDS =
      Map.ofEntries(
          Map.entry("Brevity", new Words("shorter answers", "longer answers")),
          Map.entry("Structure", new Words("lists and headings", "prose without lists")),
          Map.entry("Formality", new Words("formal wording", "casual wording")),
          Map.entry("Warmth", new Words("warm wording", "matter-of-fact wording")),
          Map.entry("Expressiveness", new Words("emoji and exclamation marks", "plain typography")),
          Map.entry("Caution", new Words("hedged statements", "firm statements")),
          Map.entry("Directness", new Words("the answer first", "an introduction first")),
          Map.entry("Concreteness", new Words("examples and numbers", "general statements")),
          Map.entry("Code first", new Words("code", "explanations without code")),
          Map.entry("Figurative language", new Words("figures of speech", "literal wording")),
          Map.entry(
              "Addressing the reader", new Words("being addressed directly", "impersonal wording")),
          Map.entry("Plain words", new Words("plain words", "technical words")));

  private SharedCards() {}

  /**
   * @param first index of the first shared expert
   */
  static List<ExpertCard> of(SharedExperts shared, int first) {
    List<ExpertCard> cards = new ArrayList<>();
    for (int k = 0; k < shared.expertCount(); k++) {
      String name = shared.names().get(k);
      Words words = WORDS.get(name);
      cards.add(
          new ExpertCard(
              first + k,
              name,
              shared.descriptions().get(k),
              1,
              List.of(),
              List.of(),
              null,
              words == null ? null : words.more(),
              words == null ? null : words.less()));
    }
    return cards;
  }
}
