package dev.palate.core.model.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.encoder.Sequence;
import dev.palate.core.encoder.TokenBatch;
import dev.palate.core.model.ForwardCounts;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several devices behind one queue, and what is laid out ahead of them. */
@Timeout(60)
class DevicePoolTest {

  private final Set<String> threads = ConcurrentHashMap.newKeySet();

  @Test
  void oneCallIsSpreadOverAllDevices() {
    CyclicBarrier together = new CyclicBarrier(3);
    try (Batcher batcher = pool(3, () -> meet(together))) {
      Batcher.Outcome outcome = batcher.compute(sequences(6), null);

      assertThat(((Batcher.Outcome.Done) outcome).rows()).hasDimensions(6, 1);
      assertThat(((Batcher.Outcome.Done) outcome).rows())
          .isDeepEqualTo(
              IntStream.range(0, 6).mapToObj(i -> new float[] {i}).toArray(float[][]::new));
    }
    assertThat(threads).containsExactlyInAnyOrder("pool-0", "pool-1", "pool-2");
  }

  @Test
  void aDeviceThatIsLostTakesItsBatchAlongAndTheOthersServeOn() {
    try (Batcher batcher = pool(2, () -> {})) {
      assertThatThrownBy(() -> batcher.compute(List.of(sequence(-1)), null))
          .hasRootCauseInstanceOf(OutOfMemoryError.class);
      while (batcher.isAlive()) {
        Thread.onSpinWait(); // until the pool is known to be ill
      }

      assertThat(batcher.compute(List.of(sequence(7)), null))
          .isInstanceOf(Batcher.Outcome.Done.class);
    }
  }

  @Test
  void aFullBatchIsLaidOutWhileTheDeviceIsBusyAndAnOpenOneIsNot() throws InterruptedException {
    CallQueue queue =
        new CallQueue(64, QueueBound.ofTokens(1024), Clock.systemUTC(), new ForwardCounts());
    queue.laneOpened(); // and busy, since it does not wait for a batch
    Thread preparer = Thread.ofPlatform().start(queue::prepare);
    queue.add(new Call(sequences(1), null, Instant.EPOCH), 0);
    while (queue.ready() == 0) {
      Thread.onSpinWait();
    }
    queue.add(new Call(List.of(new Sequence(new int[16], 16)), null, Instant.EPOCH), 0);

    assertThat(queue.waitingTokens()).as("laid out or not, both wait").isEqualTo(80);
    assertThat(queue.poll()).isNotNull();
    assertThat(queue.ready()).isZero();
    assertThat(queue.poll()).isNotNull();
    assertThat(queue.waitingTokens()).isZero();
    queue.close();
    preparer.join();
  }

  @Test
  void whatWasLaidOutIsComputedThoughTheQueueIsClosed() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    Batcher batcher =
        pool(
            1,
            () -> {
              entered.countDown();
              try {
                gate.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    CompletableFuture<Batcher.Outcome> outcome =
        CompletableFuture.supplyAsync(() -> batcher.compute(sequences(4), null));
    entered.await(); // so the call was added whole
    while (batcher.waitingTokens() < 3 * 64) {
      Thread.onSpinWait();
    }
    gate.countDown();
    batcher.close();

    assertThat(((Batcher.Outcome.Done) outcome.join()).rows()).hasDimensions(4, 1);
    assertThat(batcher.counts().batches()).isEqualTo(4);
  }

  private Batcher pool(int devices, Runnable before) {
    Supplier<Forward> device =
        () ->
            new Forward() {
              @Override
              public float[][] run(TokenBatch batch) {
                if (batch.ids()[0] < 0) {
                  throw new OutOfMemoryError("as the engine throws it");
                }
                before.run();
                threads.add(Thread.currentThread().getName());
                float[][] rows = new float[batch.rows()][];
                for (int i = 0; i < rows.length; i++) {
                  rows[i] = new float[] {batch.ids()[i * batch.length()]};
                }
                return rows;
              }

              @Override
              public void close() {}
            };
    return new Batcher(
        "pool",
        IntStream.range(0, devices).mapToObj(i -> device).toList(),
        64,
        QueueBound.ofTokens(4096),
        Clock.systemUTC());
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Each fills a batch. */
  private static List<Sequence> sequences(int count) {
    return IntStream.range(0, count).mapToObj(DevicePoolTest::sequence).toList();
  }

  private static Sequence sequence(int id) {
    int[] ids = new int[64];
    ids[0] = id;
    return new Sequence(ids, 64);
  }
}
