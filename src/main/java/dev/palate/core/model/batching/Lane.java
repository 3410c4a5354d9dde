package dev.palate.core.model.batching;

import dev.palate.core.encoder.TokenBatch;
import dev.palate.core.model.ForwardCounts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One device and its thread. The engine is not thread-safe and its memory grows with each thread
 * that runs a pass: this one makes the model, runs it and closes it.
 */
final class Lane {
  private final CallQueue queue;
  private final Clock clock;
  private final ForwardCounts counts;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final Thread thread;

  Lane(String name, Supplier<Forward> model, CallQueue queue, Clock clock, ForwardCounts counts) {
    this.queue = queue;
    this.clock = clock;
    this.counts = counts;
    this.thread = Thread.ofPlatform().name(name).daemon().start(() -> serve(model));
  }

  /** Done when the model is open, failed where it cannot be opened. */
  CompletableFuture<Void> opened() {
    return opened;
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  void join() throws InterruptedException {
    thread.join();
  }

  private void serve(Supplier<Forward> model) {
    try (Forward forward = model.get()) {
      queue.laneOpened();
      opened.complete(null);
      for (Batch batch = queue.next(); batch != null; batch = queue.next()) {
        run(forward, batch);
      }
    } catch (Throwable e) {
      if (!opened.completeExceptionally(e)) {
        queue.laneFailed(e);
      }
    }
  }

  /** Runs the batch; where that fails its halves, so that only the culprit's call fails. */
  private void run(Forward forward, Batch batch) {
    Batch alive = batch.without(queue::isDead);
    if (alive.isEmpty()) {
      return;
    }
    try {
      pass(forward, alive);
    } catch (RuntimeException e) {
      if (alive.rows().size() == 1) {
        counts.poisoned.increment();
        CallQueue.fail(alive, e);
      } else {
        alive.halves().forEach(half -> run(forward, half));
      }
    } catch (Error e) {
      CallQueue.fail(alive, e);
      throw e; // the thread ends; with the last one every later call is told so
    }
  }

  private void pass(Forward forward, Batch batch) {
    TokenBatch input = batch.layOut();
    Instant start = clock.instant();
    long nanos = System.nanoTime();
    float[][] rows = forward.run(input);
    nanos = System.nanoTime() - nanos;
    counts.batches.increment();
    counts.tokens.add(batch.tokens());
    counts.paddedTokens.add(batch.paddedTokens());
    queue.ran(batch.paddedTokens(), nanos);
    Duration took = Duration.ofNanos(nanos);
    batch.rows().stream().map(Batch.Row::call).distinct().forEach(call -> call.ran(start, took));
    for (int i = 0; i < rows.length; i++) {
      batch.rows().get(i).call().complete(batch.rows().get(i).index(), rows[i]);
    }
  }
}
