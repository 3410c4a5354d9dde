package dev.palate.lab.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The domains of pairs, under names that people can read. A data set's contexts are often file
 * names: {@code scoop-hivemind.taxes} becomes "Taxes", {@code creative/bee} "Bee (creative)" and
 * {@code tea-or-coffee_coffee-is-best} "Tea or coffee", so that both sides of a question are one
 * domain. The rules know separators only, no data set:
 *
 * <ul>
 *   <li>a slash parts a category from what it holds;
 *   <li>an underscore between words that are joined by hyphens parts a topic from a variant of it;
 *       elsewhere it joins words;
 *   <li>of parts parted by dots the one that fewest contexts of the data set share is the name, of
 *       several the last; dates and codes are no names.
 * </ul>
 */
public final class Domains {

  private static final Pattern SEPARATORS = Pattern.compile("[^\\p{L}\\p{N}$'’]+");
  private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}'’]*");

  /** A date or a number, or one word of letters and digits mixed. */
  private static final Pattern CODE =
      Pattern.compile("[\\d-]+|(?=\\p{Alnum}*\\d)(?=\\p{Alnum}*\\p{Alpha})\\p{Alnum}+");

  private record Key(String dataset, String context) {
    static Key of(PreferencePair pair) {
      return new Key(pair.dataset(), pair.context());
    }
  }

  /** Pairs that are read for how they spell the words of names. */
  private static final int TEXTS = 20_000;

  private final Map<Key, String> names;
  private final Spellings spellings;

  private Domains(Map<Key, String> names, Spellings spellings) {
    this.names = names;
    this.spellings = spellings;
  }

  /**
   * @param leastPairs contexts with fewer pairs are one domain, named as their data set
   */
  public static Domains of(List<PreferencePair> pairs, int leastPairs) {
    Map<Key, Integer> counts = new HashMap<>();
    pairs.forEach(pair -> counts.merge(Key.of(pair), 1, Integer::sum));
    List<Key> keys =
        counts.keySet().stream()
            .sorted(Comparator.comparing(Key::dataset).thenComparing(Key::context))
            .toList();
    Map<String, List<String>> contexts =
        keys.stream()
            .collect(
                Collectors.groupingBy(
                    Key::dataset, Collectors.mapping(Key::context, Collectors.toList())));
    Spellings spellings = Spellings.of(Samples.texts(Samples.spread(pairs, TEXTS)));
    Map<Key, String> names = new HashMap<>();
    Map<String, String> owners = new HashMap<>();
    for (Key key : keys) {
      boolean small = counts.getOrDefault(key, 0) < leastPairs || key.context().isBlank();
      String name =
          small
              ? words(key.dataset())
              : name(key.context(), contexts.getOrDefault(key.dataset(), List.of()));
      name = spelled(name, spellings);
      boolean ours = owners.computeIfAbsent(name, any -> key.dataset()).equals(key.dataset());
      names.put(key, ours ? name : name + " (" + words(key.dataset()) + ")");
    }
    return new Domains(names, spellings);
  }

  /**
   * The name of the pair's domain.
   *
   * @throws IllegalArgumentException if no pair of the domain was there when it was named
   */
  public String of(PreferencePair pair) {
    String name = names.get(Key.of(pair));
    if (name == null) {
      throw new IllegalArgumentException("'pair' is of a domain that has no name");
    }
    return name;
  }

  private static String name(String context, List<String> all) {
    int slash = context.lastIndexOf('/');
    String leaf = words(leaf(context, all));
    String category = slash < 0 ? "" : words(context.substring(0, slash));
    if (leaf.isEmpty() || category.isEmpty()) {
      return leaf.isEmpty() ? context : leaf;
    }
    return leaf + " (" + category + ")";
  }

  private static String leaf(String context, List<String> all) {
    List<String> parts = parts(context);
    return parts.stream()
        .min(
            Comparator.comparingInt((String part) -> sharing(part, all))
                .thenComparingInt(part -> -parts.lastIndexOf(part)))
        .orElse(context);
  }

  private static int sharing(String part, List<String> all) {
    return (int) all.stream().filter(context -> parts(context).contains(part)).count();
  }

  /** What the dots part behind the last slash, without codes and variants. */
  private static List<String> parts(String context) {
    String leaf = context.substring(context.lastIndexOf('/') + 1);
    int underscore = leaf.indexOf('_');
    if (underscore > 0 && leaf.contains("-")) {
      leaf = leaf.substring(0, underscore);
    }
    List<String> parts = new ArrayList<>();
    for (String part : leaf.split("\\.(?=\\S)", -1)) {
      if (!part.isBlank() && !CODE.matcher(part).matches()) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static String words(String joined) {
    return SEPARATORS.matcher(joined).replaceAll(" ").strip();
  }

  /** A name with each word as the texts write it, and the first letter large. */
  private static String spelled(String name, Spellings spellings) {
    String spelled =
        WORD.matcher(name)
            .replaceAll(word -> Matcher.quoteReplacement(spellings.written(word.group())));
    return spelled.substring(0, 1).toUpperCase(Locale.ROOT) + spelled.substring(1);
  }

  /** How the texts of the pairs write words. */
  public Spellings spellings() {
    return spellings;
  }

  /** All names, each once. */
  public Set<String> names() {
    return new HashSet<>(names.values());
  }
}
