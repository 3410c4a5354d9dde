package dev.palate.lab.cards;

import java.util.List;

/**
 * What was counted of an expert, before it is put into words.
 *
 * @param topics short names of its first domains, most used first
 * @param domains where it is used most
 * @param styles significant ones, the strongest first
 * @param likes words of preferred responses
 * @param dislikes words of the others
 */
record CardEvidence(
    int expert,
    List<String> topics,
    List<String> domains,
    List<StyleEvidence> styles,
    List<String> likes,
    List<String> dislikes) {

  CardEvidence {
    topics = List.copyOf(topics);
    domains = List.copyOf(domains);
    styles = List.copyOf(styles);
    likes = List.copyOf(likes);
    dislikes = List.copyOf(dislikes);
  }

  /**
   * @param usual share of all pairs of the data, to the same side as the effect
   * @param pairs how many sharpest pairs there are
   */
  record StyleEvidence(Style.Effect effect, double usual, int pairs) {

    /** How far beyond what is usual, and in how many of the pairs. */
    double weight() {
      return (effect.agreement() - usual) * Math.sqrt((double) effect.differing() / pairs);
    }
  }
}
