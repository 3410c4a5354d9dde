package dev.palate.core.model.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.encoder.Sequence;
import dev.palate.core.encoder.TokenBatch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The batcher on a forward pass that waits where the test wants it to. */
@Timeout(60)
class BatcherTest {

  private static final int BATCH_TOKENS = 64;
  private static final int QUEUE_TOKENS = 128;
  private static final int POISON = 666;

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<Integer> computed = new ArrayList<>();
  private volatile boolean held;
  private volatile boolean closed;

  private final Batcher batcher =
      new Batcher(
          "test-forward",
          List.of(Gated::new),
          BATCH_TOKENS,
          QueueBound.ofTokens(QUEUE_TOKENS),
          Clock.systemUTC());

  /** Answers each sequence's first id; the first pass waits at the gate if it is held. */
  private final class Gated implements Forward {
    @Override
    public float[][] run(TokenBatch batch) {
      boolean wait = held; // read before the test, told of the entry, takes it back
      entered.countDown();
      if (wait) {
        awaitGate();
      }
      float[][] rows = new float[batch.rows()][];
      for (int i = 0; i < rows.length; i++) {
        int id = (int) batch.ids()[i * batch.length()];
        if (id == POISON) {
          throw new IllegalStateException("poison");
        }
        if (id < 0) {
          throw new OutOfMemoryError("as the engine throws it");
        }
        computed.add(id);
        rows[i] = new float[] {id};
      }
      return rows;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  @AfterEach
  void close() {
    gate.countDown();
    batcher.close();
    assertThat(closed).isTrue();
    assertThat(batcher.isAlive()).isFalse();
  }

  @Test
  void rowsComeInTheOrderOfTheSequences() {
    List<Sequence> sequences =
        IntStream.range(1, 60).mapToObj(id -> sequence(id, 1 + (id * 7) % 50)).toList();

    float[][] rows = done(batcher.compute(sequences, null)).rows();

    for (int i = 0; i < rows.length; i++) {
      assertThat(rows[i]).containsExactly(sequences.get(i).ids()[0]);
    }
  }

  @Test
  void aFullQueueRefusesAtOnceAndWhole() {
    CompletableFuture<Batcher.Outcome> running = hold();
    CompletableFuture<Batcher.Outcome> waiting = submit(List.of(sequence(2, 64)), null);

    Batcher.Outcome refused =
        batcher.compute(List.of(sequence(3, 16), sequence(4, 64)), null); // 64 + 80 > 128

    assertThat(refused).isInstanceOf(Batcher.Outcome.Refused.class);
    assertThat(((Batcher.Outcome.Refused) refused).retryAfter()).isPositive();
    gate.countDown();
    assertThat(done(running.join()).rows()).hasDimensions(1, 1);
    assertThat(done(waiting.join()).rows()).hasDimensions(1, 1);
    assertThat(computed).containsExactly(1, 2);
  }

  @Test
  void whatIsPastItsDeadlineIsNotComputed() {
    CompletableFuture<Batcher.Outcome> running = hold();
    CompletableFuture<Batcher.Outcome> late =
        submit(List.of(sequence(2, 8)), Instant.now().minus(Duration.ofSeconds(1)));

    gate.countDown();

    assertThat(late.join()).isInstanceOf(Batcher.Outcome.Expired.class);
    assertThat(batcher.counts().expired()).isEqualTo(1);
    running.join();
    assertThat(computed).containsExactly(1);
  }

  @Test
  void whoseCallerLeftIsNotComputed() throws InterruptedException {
    CompletableFuture<Batcher.Outcome> running = hold();
    CompletableFuture<Throwable> left = new CompletableFuture<>();
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                batcher.compute(List.of(sequence(2, 8)), null);
              } catch (CancellationException e) {
                left.complete(e);
              }
            });
    caller.interrupt();
    caller.join();

    gate.countDown();

    assertThat(left).isCompleted();
    running.join();
    assertThat(done(batcher.compute(List.of(sequence(3, 8)), null)).rows()).hasDimensions(1, 1);
    assertThat(computed).containsExactly(1, 3);
    assertThat(batcher.counts().left()).isEqualTo(1);
  }

  @Test
  void aPoisonedSequenceFailsItsOwnCallAndNotItsNeighbours() {
    CompletableFuture<Batcher.Outcome> running = hold();
    CompletableFuture<Batcher.Outcome> before = submit(List.of(sequence(2, 8)), null);
    CompletableFuture<Batcher.Outcome> poisoned =
        submit(List.of(sequence(3, 8), sequence(POISON, 8)), null);
    CompletableFuture<Batcher.Outcome> after = submit(List.of(sequence(4, 8)), null);

    gate.countDown();

    assertThat(done(before.join()).rows()[0]).containsExactly(2);
    assertThat(done(after.join()).rows()[0]).containsExactly(4);
    assertThatThrownBy(poisoned::join).hasRootCauseMessage("poison");
    running.join();
    assertThat(batcher.counts().poisoned()).isEqualTo(1);
  }

  @Test
  void aFailedPassFailsItsOwnCallsAndNoLaterOne() {
    assertThatThrownBy(() -> batcher.compute(List.of(sequence(POISON, 8)), null))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("poison");

    assertThat(done(batcher.compute(List.of(sequence(5, 8)), null)).rows()[0]).containsExactly(5);
    assertThat(batcher.isAlive()).isTrue();
  }

  @Test
  void anErrorEndsTheThreadAndEveryCallIsToldSo() throws InterruptedException {
    assertThatThrownBy(() -> batcher.compute(List.of(sequence(-1, 8)), null))
        .hasRootCauseInstanceOf(OutOfMemoryError.class);
    while (batcher.isAlive()) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> batcher.compute(List.of(sequence(1, 8)), null))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aModelThatCannotBeOpenedSaysWhy() {
    assertThatThrownBy(() ->
            new Batcher(
                "never",
                List.of(() -> {
                  throw new BundleException("no such archive");
                }),
                1,
                QueueBound.ofTokens(1),
                Clock.systemUTC()))
        .isInstanceOf(BundleException.class)
        .hasMessage("no such archive");
  }

  /** Starts a call with id 1 and returns when the forward thread stands in its pass. */
  private CompletableFuture<Batcher.Outcome> hold() {
    held = true;
    CompletableFuture<Batcher.Outcome> running = start(List.of(sequence(1, 8)), null);
    try {
      entered.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    held = false;
    return running;
  }

  /** Calls while a pass is held and returns when the call waits, or is done. */
  private CompletableFuture<Batcher.Outcome> submit(
      List<Sequence> sequences, @Nullable Instant deadline) {
    long before = batcher.waitingTokens();
    CompletableFuture<Batcher.Outcome> outcome = start(sequences, deadline);
    while (batcher.waitingTokens() == before && !outcome.isDone()) {
      Thread.onSpinWait();
    }
    return outcome;
  }

  private CompletableFuture<Batcher.Outcome> start(
      List<Sequence> sequences, @Nullable Instant deadline) {
    CompletableFuture<Batcher.Outcome> outcome = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            outcome.complete(batcher.compute(sequences, deadline));
          } catch (RuntimeException e) {
            outcome.completeExceptionally(e);
          }
        });
    return outcome;
  }

  private void awaitGate() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Batcher.Outcome.Done done(Batcher.Outcome outcome) {
    assertThat(outcome).isInstanceOf(Batcher.Outcome.Done.class);
    return (Batcher.Outcome.Done) outcome;
  }

  private static Sequence sequence(int id, int length) {
    int[] ids = new int[length];
    ids[0] = id;
    return new Sequence(ids, length);
  }
}
