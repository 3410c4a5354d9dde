package dev.palate.core.model.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.model.PassageScore;
import dev.palate.tier.LongForm;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Alone: it measures the heap. */
@Isolated
@Tag("soak") // a process of its own, whose heap nothing else changes
@LongForm
class ScoreCacheMemoryTest {

  @Test
  void theBytesItReportsAreThoseOfTheHeap() {
    int texts = 200_000;
    long before = usedHeap();
    ScoreCache large = new ScoreCache(1L << 30, new SimpleMeterRegistry());
    for (int i = 0; i < texts; i++) {
      large.put(new TextKey(i, i * 0x9E3779B97F4A7C15L), new PassageScore(new float[32], 9, false));
    }
    long held = usedHeap() - before;

    assertThat(large.texts()).isEqualTo(texts);
    assertThat((double) large.bytes() / held).as("reported / held, %d B", held).isBetween(0.9, 1.2);
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
