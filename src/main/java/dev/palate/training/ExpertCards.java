package dev.palate.training;

import dev.palate.reward.ExpertCard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads what each expert learned off the training pairs: where the router uses it, and, in the
 * pairs with the largest contribution contrast {@code w_k (r_k(y+) - r_k(y-))}, which words tell
 * what it prefers from what it does not. Nothing is written by hand: what a card says can be
 * counted.
 */
final class ExpertCards {

  private static final int SHARPEST = 400;
  private static final int EXAMPLES = 5;
  private static final int DOMAINS = 3;

  /** A domain is worth naming if the expert is used there this many times an equal share. */
  private static final double ABOVE_EQUAL_SHARE = 1.5;

  private static final double LEAST_Z = 2.0;

  private final List<PreferencePair> pairs;
  private final PairScores scores;
  private final double[] meanRouting;
  private final Map<String, double[]> routingByDomain = new HashMap<>();

  /**
   * @param meanRouting usage of each expert
   */
  ExpertCards(List<PreferencePair> pairs, PairScores scores, double[] meanRouting) {
    this.pairs = pairs;
    this.scores = scores;
    this.meanRouting = meanRouting;
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < pairs.size(); i++) {
      String domain = domain(pairs.get(i));
      double[] sum = routingByDomain.computeIfAbsent(domain, d -> new double[meanRouting.length]);
      for (int k = 0; k < sum.length; k++) {
        sum[k] += scores.routing()[i][k];
      }
      counts.merge(domain, 1, Integer::sum);
    }
    routingByDomain.forEach((domain, sum) -> {
      for (int k = 0; k < sum.length; k++) {
        sum[k] /= counts.getOrDefault(domain, 1);
      }
    });
  }

  List<ExpertCard> cards() {
    List<ExpertCard> cards = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int k = 0; k < meanRouting.length; k++) {
      ExpertCard card = card(k);
      String name = names.add(card.name()) ? card.name() : card.name() + " (" + k + ")";
      cards.add(
          new ExpertCard(
              k, name, card.description(), card.usage(), card.domains(), card.examples()));
    }
    return cards;
  }

  private ExpertCard card(int expert) {
    List<PreferencePair> sharpest = sharpest(expert);
    List<String> domains = domains(expert);
    Terms.Contrast terms =
        Terms.contrast(
            sharpest.stream().map(PreferencePair::chosen).toList(),
            sharpest.stream().map(PreferencePair::rejected).toList(),
            4,
            LEAST_Z);
    long longer =
        sharpest.stream().filter(p -> p.chosen().length() > p.rejected().length()).count();
    double longerShare = sharpest.isEmpty() ? 0.5 : (double) longer / sharpest.size();
    return new ExpertCard(
        expert,
        name(expert, domains, terms, longerShare),
        description(domains, terms, longerShare),
        meanRouting[expert],
        domains,
        sharpest.stream().limit(EXAMPLES).map(PreferencePair::id).toList());
  }

  /** The pairs with the largest contribution contrast; of pairs with the same texts only one. */
  private List<PreferencePair> sharpest(int expert) {
    List<Integer> order =
        IntStream.range(0, pairs.size())
            .filter(i -> contrast(i, expert) > 0)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -contrast(i, expert)))
            .toList();
    Set<String> seen = new HashSet<>();
    List<PreferencePair> sharpest = new ArrayList<>();
    for (int i : order) {
      PreferencePair pair = pairs.get(i);
      if (seen.add(pair.chosen() + "\0" + pair.rejected())) {
        sharpest.add(pair);
      }
      if (sharpest.size() == SHARPEST) {
        break;
      }
    }
    return sharpest;
  }

  private double contrast(int pair, int expert) {
    return (double) scores.routing()[pair][expert] * scores.margins()[pair][expert];
  }

  private List<String> domains(int expert) {
    double least = ABOVE_EQUAL_SHARE / meanRouting.length;
    return routingByDomain.entrySet().stream()
        .filter(entry -> entry.getValue()[expert] >= least)
        .sorted(
            Comparator.comparingDouble((Map.Entry<String, double[]> e) -> -e.getValue()[expert])
                .thenComparing(Map.Entry::getKey))
        .limit(DOMAINS)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String domain(PreferencePair pair) {
    return pair.context().isEmpty() ? pair.dataset() : pair.dataset() + "/" + pair.context();
  }

  private static String name(
      int expert, List<String> domains, Terms.Contrast terms, double longerShare) {
    String where = domains.isEmpty() ? "General" : topic(domains.getFirst());
    List<String> what = terms.first().stream().limit(2).toList();
    if (!what.isEmpty()) {
      return where + ": " + String.join(", ", what);
    }
    return longerShare >= 0.7
        ? where + ": longer"
        : longerShare <= 0.3 ? where + ": shorter" : where + " " + expert;
  }

  /** The last part of a domain's path in a few plain words. */
  private static String topic(String domain) {
    String last = domain.substring(domain.lastIndexOf('/') + 1);
    List<String> words = List.of(last.split("[^\\p{L}\\p{N}$]+"));
    String few =
        words.stream().filter(word -> !word.isEmpty()).limit(4).collect(Collectors.joining(" "));
    return few.isEmpty()
        ? "General"
        : few.substring(0, 1).toUpperCase(Locale.ROOT) + few.substring(1);
  }

  private static String description(
      List<String> domains, Terms.Contrast terms, double longerShare) {
    String where =
        domains.isEmpty() ? "Used a little everywhere" : "Used most for " + listed(domains);
    String likes = terms.first().isEmpty() ? "" : "prefers responses with " + quoted(terms.first());
    String dislikes = terms.second().isEmpty() ? "" : "over ones with " + quoted(terms.second());
    String words = (likes + " " + dislikes).strip();
    String length =
        Math.abs(longerShare - 0.5) < 0.1
            ? ""
            : "the %s response wins %.0f %% of its sharpest pairs"
                .formatted(
                    longerShare > 0.5 ? "longer" : "shorter",
                    100 * Math.max(longerShare, 1 - longerShare));
    return Stream.of(where, words, length)
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("; "))
        + ".";
  }

  private static String quoted(List<String> words) {
    return listed(words.stream().map(word -> "\"" + word + "\"").toList());
  }

  private static String listed(List<String> items) {
    int last = items.size() - 1;
    return last == 0
        ? items.getFirst()
        : String.join(", ", items.subList(0, last)) + " and " + items.get(last);
  }
}
