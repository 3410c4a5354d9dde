package dev.palate.core.model.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import dev.palate.core.model.PassageScore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * What models said of texts, bounded in bytes of heap; the most often and most recently asked for
 * stay. Nothing in it belongs to a user. Keys name the model, so that one cache may serve a model,
 * its successor and a rollback, and none of them sees another's scores.
 */
public final class ScoreCache {

  /**
   * Bytes of heap of one entry, but for its numbers, with compressed references (a heap below 32
   * GB): the key 32, the score 24, its array's header 16, Caffeine's node 40, the hash table's node
   * 32 and slot 8, the frequency sketch 8 to 16.
   */
  private static final int ENTRY_BYTES = 32 + 24 + 16 + 40 + 32 + 8 + 16;

  private final Cache<TextKey, PassageScore> scores;
  private final Policy.Eviction<TextKey, PassageScore> bound;
  private final Counter hits;
  private final Counter misses;
  private final Counter shared;

  /**
   * @param maxBytes at least 1
   */
  public ScoreCache(long maxBytes, MeterRegistry meters) {
    Counter evictions =
        Counter.builder("palate.score.cache.evictions")
            .description("Texts forgotten to make room for others")
            .register(meters);
    this.scores =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((TextKey key, PassageScore score) -> bytes(score))
            .evictionListener((key, score, cause) -> evictions.increment())
            .executor(Runnable::run) // the upkeep is microseconds: cheaper than to hand it over
            .build();
    this.bound = scores.policy().eviction().orElseThrow();
    this.hits = looks("hit", meters);
    this.misses = looks("miss", meters);
    this.shared = looks("shared", meters);
    Gauge.builder("palate.score.cache.bytes", bound, b -> b.weightedSize().orElse(0))
        .description("Heap that remembered scores take")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("palate.score.cache.texts", scores, Cache::estimatedSize)
        .description("Texts whose scores are remembered")
        .register(meters);
  }

  private static Counter looks(String result, MeterRegistry meters) {
    return Counter.builder("palate.score.cache.lookups")
        .description("Texts: remembered, computed, or waited for while another call computed them")
        .tag("result", result)
        .register(meters);
  }

  static int bytes(PassageScore score) {
    return ENTRY_BYTES + (4 * score.values().length + 7) / 8 * 8;
  }

  @Nullable PassageScore find(TextKey key) {
    return scores.getIfPresent(key);
  }

  /** Remembers a score; what is not finite is never remembered. */
  void put(TextKey key, PassageScore score) {
    if (score.finite()) {
      scores.put(key, score);
    }
  }

  void counted(int hits, int misses, int shared) {
    this.hits.increment(hits);
    this.misses.increment(misses);
    this.shared.increment(shared);
  }

  long bytes() {
    return bound.weightedSize().orElse(0);
  }

  long texts() {
    return scores.estimatedSize();
  }
}
