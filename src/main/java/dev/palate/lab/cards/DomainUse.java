package dev.palate.lab.cards;

import dev.palate.lab.data.Domains;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Samples;
import dev.palate.lab.data.Words;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Where the router uses each expert. */
final class DomainUse {

  private static final int DOMAINS = 3;

  /** A domain is worth naming if the expert is used there this many times an equal share. */
  private static final double ABOVE_EQUAL_SHARE = 1.5;

  /** Pairs of a domain that are read to find a short name for it. */
  private static final int READ = 1000;

  /** Characters of a short name. */
  private static final int BRIEF = 24;

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
   * Short names of the first domain, and of the second if the expert decides half as much there.
   */
  List<String> topics(int expert) {
    List<String> most = most(expert);
    List<String> topics = new ArrayList<>();
    for (String domain : most.subList(0, Math.min(2, most.size()))) {
      if (mass(domain, expert) >= mass(most.getFirst(), expert) / 2) {
        topics.add(brief(domain));
      }
    }
    return topics;
  }

  private double mass(String domain, int expert) {
    Part part = parts.get(domain);
    return part == null ? 0 : part.routing[expert];
  }

  /**
   * The name of a domain in few characters: of a long one, those neighbouring words that its texts
   * use most, rare words more than common ones.
   */
  private String brief(String domain) {
    String bare = domain.replaceFirst(" \\(.*", "");
    if (bare.length() <= BRIEF) {
      return bare;
    }
    Map<String, Double> weights = weights(domain, Words.stems(bare));
    String best = bare.substring(0, BRIEF).strip();
    double most = 0;
    for (List<String> run : runs(bare)) {
      double weight = 0;
      for (String word : run) {
        weight += weights.getOrDefault(Words.stem(word.toLowerCase(Locale.ROOT)), 0.0);
      }
      if (weight > most) {
        most = weight;
        best = String.join(" ", run);
      }
    }
    return best.substring(0, 1).toUpperCase(Locale.ROOT) + best.substring(1);
  }

  /** Words that stand together with no stop word between them, as many as a short name may have. */
  private static List<List<String>> runs(String name) {
    List<List<String>> runs = new ArrayList<>();
    List<String> run = new ArrayList<>();
    for (String word : (name + " the").split("\\s+")) {
      if (!Words.stems(word).isEmpty()) {
        run.add(word);
        continue;
      }
      while (String.join(" ", run).length() > BRIEF) {
        run.removeFirst();
      }
      runs.add(List.copyOf(run));
      run.clear();
    }
    return runs;
  }

  /** In what share of the domain's texts each word is, times how rare the word is elsewhere. */
  private Map<String, Double> weights(String domain, Set<String> stems) {
    Map<String, Double> weights = new HashMap<>();
    Part part = parts.get(domain);
    if (part != null) {
      Set<String> texts = Samples.texts(Samples.spread(part.pairs, READ));
      for (String text : texts) {
        Set<String> found = Words.stems(text);
        found.retainAll(stems);
        found.forEach(
            stem -> weights.merge(stem, background.rarity(stem) / texts.size(), Double::sum));
      }
    }
    return weights;
  }
}
