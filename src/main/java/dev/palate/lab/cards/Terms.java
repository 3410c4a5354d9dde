package dev.palate.lab.cards;

import dev.palate.lab.data.Words;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Words that tell one set of texts from another: log-odds with an informative Dirichlet prior,
 * divided by its standard deviation (Monroe, Colaresi and Quinn, 2008). The prior is how often the
 * texts of the whole data use a word, so that a word that is rare everywhere needs much evidence. A
 * word counts once per text.
 */
final class Terms {

  /** Of how many words of evidence the prior is worth. */
  private static final double PRIOR = 500;

  /** A word that fewer texts of a side use says nothing. */
  private static final int LEAST_TEXTS = 5;

  private final Map<String, Integer> counts = new HashMap<>();
  private long total;

  /**
   * @param z how many standard deviations it lies above chance
   */
  record Term(String stem, double z) {}

  /** Counts the words of the data's texts. */
  static Terms background(Collection<String> texts) {
    Terms terms = new Terms();
    for (String text : texts) {
      for (String stem : Words.stems(text)) {
        terms.counts.merge(stem, 1, Integer::sum);
        terms.total++;
      }
    }
    return terms;
  }

  /**
   * Words that the first texts use more than the second, the most telling first.
   *
   * @param first each text's stems
   * @param least z-score a word must reach
   */
  List<Term> contrast(List<Set<String>> first, List<Set<String>> second, double least) {
    Map<String, Integer> here = count(first);
    Map<String, Integer> there = count(second);
    double n = here.values().stream().mapToInt(Integer::intValue).sum();
    double m = there.values().stream().mapToInt(Integer::intValue).sum();
    return here.entrySet().stream()
        .filter(entry -> entry.getValue() >= LEAST_TEXTS)
        .map(entry ->
            term(entry.getKey(), entry.getValue(), n, there.getOrDefault(entry.getKey(), 0), m))
        .filter(term -> term.z() >= least)
        .sorted(Comparator.comparingDouble(Term::z).reversed().thenComparing(Term::stem))
        .toList();
  }

  /**
   * A long text has more of every word, and a word that each text has once is a smaller share of a
   * long one: only what both the share of words and the number of texts say is believed.
   */
  private Term term(String stem, int a, double n, int b, double m) {
    return new Term(stem, Math.min(zScore(a, n, b, m, prior(stem)), (a - b) / Math.sqrt(a + b)));
  }

  private double prior(String stem) {
    return PRIOR * (counts.getOrDefault(stem, 0) + 0.5) / (total + 0.5 * counts.size() + 0.5);
  }

  private static double zScore(double a, double n, double b, double m, double prior) {
    double odds =
        Math.log((a + prior) / (n + PRIOR - a - prior))
            - Math.log((b + prior) / (m + PRIOR - b - prior));
    return odds / Math.sqrt(1 / (a + prior) + 1 / (b + prior));
  }

  private static Map<String, Integer> count(List<Set<String>> texts) {
    Map<String, Integer> counts = new HashMap<>();
    texts.forEach(text -> text.forEach(stem -> counts.merge(stem, 1, Integer::sum)));
    return counts;
  }

  /** Minus the logarithm of the share of the data's words that are this one. */
  double rarity(String stem) {
    return -Math.log((counts.getOrDefault(stem, 0) + 1.0) / (total + 1));
  }
}
