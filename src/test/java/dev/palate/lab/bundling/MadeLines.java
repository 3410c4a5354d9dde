package dev.palate.lab.bundling;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A JSON Lines file in which single words decide. */
public final class MadeLines {

  private MadeLines() {}

  /** 60 users; of 40 words half are liked by all, one in ten labels is wrong. */
  public static String draw(int n, long seed) {
    Random random = new Random(seed);
    List<String> words =
        Arrays.asList(
            ("alder birch cedar maple poplar willow copper silver marble granite saffron pepper"
                    + " ginger violet orchid tulip falcon heron otter badger salmon trout anchor"
                    + " harbour meadow valley glacier canyon prairie desert candle lamp mirror"
                    + " window carpet blanket pillow basket bottle kettle")
                .split(" "));
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < n; i++) {
      int liked = 2 * random.nextInt(words.size() / 2);
      int disliked = 2 * random.nextInt(words.size() / 2) + 1;
      boolean wrong = random.nextInt(10) == 0;
      String split = i % 60 < 40 ? "train-users" : i % 60 < 50 ? "val-users" : "test-users";
      lines.append(
          """
          {"id": "%d", "user": "u%d", "prompt": "What was on day %d?", "chosen": "A %s, I think.", "rejected": "A %s, I think.", "split": "%s"}
          """
              .formatted(
                  i,
                  i % 60,
                  random.nextInt(30),
                  words.get(wrong ? disliked : liked),
                  words.get(wrong ? liked : disliked),
                  split));
    }
    return lines.toString();
  }
}
