package dev.palate.core.model.cache;

import dev.palate.core.model.PassageScore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.IntSupplier;

/** The score cache alone, for questions that would take the encoder hours to answer. */
public final class CacheSimulation {

  private CacheSimulation() {}

  /**
   * Share of draws that are remembered, once a time of warming up is over.
   *
   * @param bytes the cache's bound
   * @param k numbers a score has
   * @param text the next that is asked for
   * @param draws how many for warming up, and as many counted
   */
  public static double hitRatio(long bytes, int k, IntSupplier text, int draws) {
    ScoreCache cache = new ScoreCache(bytes, new SimpleMeterRegistry());
    PassageScore score = new PassageScore(new float[k], 16, false);
    int hits = 0;
    for (int i = 0; i < 2 * draws; i++) {
      int drawn = text.getAsInt();
      long mixed = (drawn + 1) * 0x9E3779B97F4A7C15L;
      TextKey key = new TextKey(mixed, mixed >>> 17);
      if (cache.find(key) == null) {
        cache.put(key, score);
      } else if (i >= draws) {
        hits++;
      }
    }
    return (double) hits / draws;
  }

  /** Bytes of the cache that one text's score takes. */
  public static int bytesOfOne(int k) {
    return ScoreCache.bytes(new PassageScore(new float[k], 16, false));
  }
}
