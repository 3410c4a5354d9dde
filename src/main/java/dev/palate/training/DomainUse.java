package dev.palate.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Where the router uses each expert. */
final class DomainUse {

  private static final int DOMAINS = 3;

  /** A domain is worth naming if the expert is used there this many times an equal share. */
  private static final double ABOVE_EQUAL_SHARE = 1.5;

  /** Pairs of a domain that are read to find a short name for it. */
  private static final int READ = 1000;

  private final Map<String, Part> parts = new TreeMap<>();
  private final Terms background;

  /** A domain's pairs, and the sum of their routing. */
  private static final class Part {
    private final List<PreferencePair> pairs = new ArrayList<>();
    private final double[] routing;

    Part(int k) {
      routing = new double[k];
    }
  }

  /**
   * @param background words of the whole data
   */
  DomainUse(List<PreferencePair> pairs, Domains domains, PairScores scores, Terms background) {
    this.background = background;
    for (int i = 0; i < pairs.size(); i++) {
      float[] routing = scores.routing()[i];
      Part part = parts.computeIfAbsent(domains.of(pairs.get(i)), name -> new Part(routing.length));
      for (int k = 0; k < routing.length; k++) {
        part.routing[k] += routing[k];
      }
      part.pairs.add(pairs.get(i));
    }
  }

  /**
   * The domains that use an expert more than an equal share, by how many pairs it decides there.
   */
  List<String> most(int expert) {
    return parts.entrySet().stream()
        .filter(entry -> share(entry.getValue(), expert) >= ABOVE_EQUAL_SHARE)
        .sorted(
            Comparator.comparingDouble(
                    (Map.Entry<String, Part> entry) -> -entry.getValue().routing[expert])
                .thenComparing(Map.Entry::getKey))
        .limit(DOMAINS)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** 1: all experts are used alike. */
  private static double share(Part part, int expert) {
    return part.routing[expert] / part.pairs.size() * part.routing.length;
  }

  /**
   * The name of a domain in few characters: of a long one, those of its words that its texts use
   * more than other texts do.
   */
  String brief(String domain, int limit) {
    if (domain.length() <= limit) {
      return domain;
    }
    Set<String> words =
        new LinkedHashSet<>(List.of(domain.replaceFirst(" \\(.*", "").split("[^\\p{L}\\p{N}'$]+")));
    Map<String, Double> weights = weights(domain, words);
    List<String> best =
        words.stream()
            .filter(word -> weights.getOrDefault(word, 0.0) > 0)
            .sorted(Comparator.comparingDouble((String word) -> -weights.getOrDefault(word, 0.0)))
            .limit(2)
            .toList();
    String brief = words.stream().filter(best::contains).collect(Collectors.joining(" "));
    if (brief.isEmpty() || brief.length() > limit) {
      brief = best.isEmpty() ? domain.substring(0, limit).strip() : best.getFirst();
    }
    return brief.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + brief.substring(1);
  }

  /** How often the domain's texts use each word, times how rare the word is elsewhere. */
  private Map<String, Double> weights(String domain, Set<String> words) {
    Part part = parts.get(domain);
    Map<String, Double> weights = new HashMap<>();
    if (part != null) {
      Set<String> texts = Samples.texts(Samples.spread(part.pairs, READ));
      for (String text : texts) {
        Set<String> stems = Words.stems(text);
        for (String word : words) {
          String stem = Words.stem(word.toLowerCase(java.util.Locale.ROOT));
          if (stems.contains(stem)) {
            weights.merge(word, background.rarity(stem) / texts.size(), Double::sum);
          }
        }
      }
    }
    return weights;
  }
}
