package dev.palate.lab.data;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How texts write a word: which letters are large, and which of singular and plural is meant. First
 * words of sentences do not count, nor do texts all in large letters.
 */
public final class Spellings {

  private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}'’]*(-[\\p{L}'’]+)*");

  private final Map<String, Map<String, Integer>> bySmall = new HashMap<>();
  private final Map<String, Map<String, Integer>> byStem = new HashMap<>();

  public static Spellings of(Iterable<String> texts) {
    Spellings spellings = new Spellings();
    texts.forEach(spellings::add);
    return spellings;
  }

  private void add(String text) {
    if (text.equals(text.toUpperCase(Locale.ROOT))) {
      return;
    }
    Matcher words = WORD.matcher(text);
    while (words.find()) {
      if (!inside(text, words.start())) {
        continue;
      }
      String word = words.group().replace('’', '\'');
      String small = word.toLowerCase(Locale.ROOT);
      bySmall.computeIfAbsent(small, key -> new HashMap<>()).merge(word, 1, Integer::sum);
      byStem
          .computeIfAbsent(Words.stem(small), key -> new HashMap<>())
          .merge(small, 1, Integer::sum);
    }
  }

  /** Behind a blank, and that behind a letter or a comma: no sentence starts here. */
  private static boolean inside(String text, int start) {
    return start > 1
        && text.charAt(start - 1) == ' '
        && (Character.isLetterOrDigit(text.charAt(start - 2)) || text.charAt(start - 2) == ',');
  }

  /** A word as it is mostly written; one that no text has is left as it is. */
  public String written(String word) {
    return most(bySmall.getOrDefault(word.toLowerCase(Locale.ROOT), Map.of()), word);
  }

  /** The word that a stem mostly stands for, as it is mostly written. */
  public String ofStem(String stem) {
    return written(most(byStem.getOrDefault(stem, Map.of()), stem));
  }

  private static String most(Map<String, Integer> counts, String otherwise) {
    return counts.entrySet().stream()
        .max(
            Map.Entry.<String, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .map(Map.Entry::getKey)
        .orElse(otherwise);
  }
}
