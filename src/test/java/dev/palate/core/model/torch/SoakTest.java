package dev.palate.core.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import dev.palate.core.encoder.Sequence;
import dev.palate.core.model.batching.Batcher;
import dev.palate.core.model.batching.QueueBound;
import dev.palate.tier.LongForm;
import dev.palate.tier.NeedsEngine;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 10,000 forwards from 8 threads leave nothing behind (promise 12). */
@Tag("soak")
@NeedsEngine
@LongForm
class SoakTest {

  private static final int THREADS = 8;
  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path temp;

  @Test
  void memoryAndNativeArraysReturnToTheBaseline() throws Exception {
    assumeTrue(ResidentMemory.isKnown(), "resident memory is read on Linux");
    TorchEngine.start();
    Path archive = TinyModels.archive(temp, 3, 9);
    AtomicReference<TorchForward> opened = new AtomicReference<>();
    try (Batcher batcher =
            new Batcher(
                "soak",
                List.of(() -> {
                  opened.set(new TorchForward(archive, Device.cpu()));
                  return opened.get();
                }),
                64,
                QueueBound.ofTokens(1 << 20),
                Clock.systemUTC());
        ExecutorService callers = Executors.newFixedThreadPool(THREADS)) {
      forwards(batcher, callers, 2_000); // allocators and the compiler have what they need
      int arrays = opened.get().liveArrays();
      long resident = ResidentMemory.bytes();
      long before = batcher.counts().batches();

      forwards(batcher, callers, 10_000);

      assertThat(batcher.counts().batches() - before).isGreaterThanOrEqualTo(10_000);
      assertThat(opened.get().liveArrays()).isEqualTo(arrays);
      assertThat(ResidentMemory.bytes() - resident).as("growth in bytes").isLessThan(48 * MEBIBYTE);
      assertThat(batcher.waitingTokens()).isZero();
    }
  }

  /** Each call needs a forward of its own: its sequence fills a batch. */
  private static void forwards(Batcher batcher, ExecutorService callers, int count)
      throws InterruptedException, ExecutionException {
    List<Future<?>> all =
        IntStream.range(0, THREADS)
            .<Future<?>>mapToObj(thread ->
                callers.submit(() -> {
                  Random random = new Random(thread);
                  for (int i = 0; i < count / THREADS; i++) {
                    batcher.compute(fillingABatch(random), null);
                  }
                }))
            .toList();
    for (Future<?> future : all) {
      future.get();
    }
  }

  private static List<Sequence> fillingABatch(Random random) {
    int[] ids = random.ints(64 - random.nextInt(16), 1000, 20_000).toArray();
    return List.of(new Sequence(ids, ids.length));
  }
}
