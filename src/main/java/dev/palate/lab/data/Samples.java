package dev.palate.lab.data;

import java.math.BigInteger;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A part of large data, spread evenly over it, the same in every run. */
public final class Samples {

  /** What is held of texts at once. */
  private static final int CHARACTERS = 4_000_000;

  private Samples() {}

  /** At most {@code limit} of the items, in their order. */
  public static <T> List<T> spread(List<T> items, int limit) {
    int n = Math.min(limit, items.size());
    return IntStream.range(0, n)
        .mapToObj(i -> items.get((int) ((long) i * items.size() / n)))
        .toList();
  }

  /**
   * The responses of the pairs, each once; where they are more than {@link #CHARACTERS}, those of a
   * part of the pairs that is spread over them.
   */
  public static Set<String> texts(List<PreferencePair> pairs) {
    Set<String> texts = new LinkedHashSet<>();
    int n = pairs.size();
    int stride = stride(n);
    long characters = 0;
    for (int i = 0, at = 0; i < n && characters < CHARACTERS; i++, at = (at + stride) % n) {
      String chosen = pairs.get(at).chosen();
      String rejected = pairs.get(at).rejected();
      texts.add(chosen);
      texts.add(rejected);
      characters += chosen.length() + rejected.length();
    }
    return texts;
  }

  /**
   * A step that leads through all of n places, wherever it ends evenly: near n over the golden
   * ratio.
   */
  private static int stride(int n) {
    int stride = Math.max(1, (int) (n * 0.618));
    while (BigInteger.valueOf(stride).gcd(BigInteger.valueOf(Math.max(1, n))).intValue() != 1) {
      stride++;
    }
    return stride;
  }
}
