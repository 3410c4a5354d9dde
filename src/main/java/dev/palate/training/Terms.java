package dev.palate.training;

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

/**
 * Words that tell one set of texts from another: log-odds with a Dirichlet prior, divided by its
 * standard deviation (Monroe, Colaresi and Quinn, 2008). A word counts once per text.
 */
final class Terms {

  private static final Pattern WORD = Pattern.compile("\\p{L}[\\p{L}']{2,}");
  private static final double PRIOR = 0.5;

  private static final Set<String> STOP_WORDS =
      Set.of(
          ("the and for that this with you are was were have has had not but they their them there"
                  + " from your his her she him its it's what which who will would can could should"
                  + " all any been being more some than then these those when where how why our out"
                  + " just don't does doesn't did didn't i'm i've it'll that's there's they're we're"
                  + " you're also into about because very much many such only other one two get got"
                  + " like make made way even most may might must let say said see too yes own over"
                  + " after before here while both each few same now never ever still off per isn't"
                  + " can't won't cannot aren't wasn't weren't haven't hasn't wouldn't couldn't"
                  + " shouldn't without within through between another someone something anything"
                  + " everything anyone everyone nothing going goes come came use used using take"
                  + " want need know think really well back upon though although however")
              .split(" "));

  private Terms() {}

  /** What sets the first texts apart, and what the second. */
  record Contrast(List<String> first, List<String> second) {}

  /**
   * @param first as many texts as {@code second}
   * @param limit words of each side at most
   * @param least z-score a word must reach
   */
  static Contrast contrast(List<String> first, List<String> second, int limit, double least) {
    Map<String, int[]> counts = new HashMap<>();
    for (int side = 0; side < 2; side++) {
      for (String text : side == 0 ? first : second) {
        for (String word : words(text)) {
          counts.computeIfAbsent(word, key -> new int[2])[side]++;
        }
      }
    }
    record Scored(String word, double z) {}
    List<Scored> scored = new ArrayList<>();
    counts.forEach((word, count) -> scored.add(new Scored(word, zScore(count, first, second))));
    scored.sort(Comparator.comparingDouble(Scored::z).reversed().thenComparing(Scored::word));
    List<String> high =
        scored.stream().filter(s -> s.z() >= least).limit(limit).map(Scored::word).toList();
    List<String> low =
        scored.reversed().stream()
            .filter(s -> s.z() <= -least)
            .limit(limit)
            .map(Scored::word)
            .toList();
    return new Contrast(high, low);
  }

  private static double zScore(int[] count, List<String> first, List<String> second) {
    double a = count[0] + PRIOR;
    double b = count[1] + PRIOR;
    double odds =
        Math.log(a / (first.size() + 2 * PRIOR - a))
            - Math.log(b / (second.size() + 2 * PRIOR - b));
    return odds / Math.sqrt(1 / a + 1 / b);
  }

  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT).replace('’', '\''));
    while (matcher.find()) {
      String word = matcher.group();
      if (!STOP_WORDS.contains(word)) {
        words.add(word);
      }
    }
    return words;
  }
}
