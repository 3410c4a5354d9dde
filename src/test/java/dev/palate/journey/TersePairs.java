package dev.palate.journey;

import dev.palate.journey.ApiClient.Pair;
import java.util.ArrayList;
import java.util.List;

/**
 * Labels of a made-up user who wants short plain answers and dislikes long flowery ones: small,
 * ours, and with a taste that is the same in every pair.
 */
final class TersePairs {

  private static final List<String> SUBJECTS =
      List.of(
          "how to boil an egg",
          "why the sky is blue",
          "what a mutex is",
          "how tides work",
          "when to plant tomatoes",
          "what inflation means",
          "how to tie a bowline",
          "why cats purr",
          "how a bill becomes law",
          "what yeast does in bread",
          "how vaccines work",
          "why leaves turn red");

  private static final List<String> PLAIN =
      List.of(
          "Put it in boiling water for eight minutes, then cool it.",
          "Air scatters blue light more than red.",
          "A lock that one thread may hold at a time.",
          "The moon's gravity pulls the sea.",
          "After the last frost.",
          "Prices rise, so money buys less.",
          "Make a loop, come up through it, around, and back down.",
          "To soothe themselves and to show that they are content.",
          "Both chambers vote for it and the head of state signs.",
          "It eats sugar and gives off gas, so the dough rises.",
          "They show the immune system a harmless piece of the germ.",
          "The green fades and other colours show.");

  private TersePairs() {}

  /** {@code count} distinct pairs, at most {@link #size()}. */
  static List<Pair> pairs(int from, int count) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      String subject = SUBJECTS.get(i);
      pairs.add(
          new Pair(
              "Explain " + subject + ".",
              PLAIN.get(i),
              "What a truly wonderful and endlessly fascinating question! Let us embark together on "
                  + "a journey through the magnificent world of "
                  + subject
                  + ", a subject that has enchanted poets and dreamers for countless generations, "
                  + "and whose glittering mysteries we shall unfold one shimmering petal at a time."));
    }
    return pairs;
  }

  static int size() {
    return SUBJECTS.size();
  }
}
