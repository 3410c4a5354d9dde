package dev.palate.reward;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the sequences of many callers into forward passes on one thread.
 *
 * <p><b>One thread.</b> The engine is not thread-safe and its memory grows with each thread that
 * runs a pass, so a single platform thread makes the model, runs it and closes it. Callers, virtual
 * threads or not, tokenize on their own thread and wait.
 *
 * <p><b>Admission.</b> Waiting work is bounded in padded tokens. A call is taken whole or refused
 * whole and at once, with an estimate of when to come back. A call larger than the whole bound is
 * taken when nothing waits: it is slow, but it neither hangs nor is refused for ever.
 *
 * <p><b>Batches.</b> No artificial delay: the thread takes what waits. The longest pending sequence
 * of the oldest call sets the padded length; the batch is filled with sequences of that length down
 * to half of it, oldest call first, up to the token budget. Since the oldest call always gives the
 * first row, none starves. Padded lengths are rounded up to few values so that shapes repeat.
 *
 * <p><b>Not computed in vain.</b> Before each batch, calls whose deadline passed or whose caller
 * was interrupted are dropped with all that is left of them.
 */
final class Batcher implements AutoCloseable {

  /** What became of a call's sequences. */
  sealed interface Outcome {
    /** Rows in the order of the sequences; a row may hold NaN. */
    record Done(float[][] rows, Duration queue, Duration inference) implements Outcome {}

    record Refused(Duration retryAfter) implements Outcome {}

    record Expired() implements Outcome {}
  }

  private final int batchTokens;
  private final int queueTokens;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Deque<Call> calls = new ArrayDeque<>();
  private final Thread thread;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private long waitingTokens;
  private volatile double nanosPerToken = 50_000;
  private boolean closed;

  /**
   * Opens the model on a thread of its own and waits for it.
   *
   * @param model called once, on the forward thread
   */
  Batcher(String name, Supplier<Forward> model, int batchTokens, int queueTokens, Clock clock) {
    this.batchTokens = batchTokens;
    this.queueTokens = queueTokens;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name(name).daemon().start(() -> serve(model));
    try {
      opened.join();
    } catch (java.util.concurrent.CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Computes all sequences, or none. Blocks until they are done. */
  Outcome compute(List<Sequence> sequences, @Nullable Instant deadline) {
    if (sequences.isEmpty()) {
      return new Outcome.Done(new float[0][], Duration.ZERO, Duration.ZERO);
    }
    Call call = new Call(sequences, deadline, clock.instant());
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the model is closed");
      }
      if (waitingTokens > 0 && waitingTokens + call.pendingTokens > queueTokens) {
        return new Outcome.Refused(Duration.ofNanos((long) (waitingTokens * nanosPerToken)));
      }
      calls.add(call);
      waitingTokens += call.pendingTokens;
      work.signal();
    } finally {
      lock.unlock();
    }
    return await(call);
  }

  private static Outcome await(Call call) {
    try {
      return call.outcome.get();
    } catch (InterruptedException e) {
      call.outcome.cancel(false); // seen by the forward thread before its next batch
      Thread.currentThread().interrupt();
      CancellationException cancelled = new CancellationException("the caller was interrupted");
      cancelled.initCause(e);
      throw cancelled;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the forward pass failed", e.getCause());
    }
  }

  /** Whether the forward thread still takes calls; false for ever once it has ended. */
  boolean isAlive() {
    return thread.isAlive();
  }

  /** Lets admitted work finish, then closes the model on its own thread. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // the model must not be left open: note it and go on waiting
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Supplier<Forward> model) {
    try (Forward forward = model.get()) {
      opened.complete(null);
      for (Batch batch = next(); batch != null; batch = next()) {
        run(forward, batch);
      }
    } catch (Throwable e) {
      opened.completeExceptionally(e);
      abandon(e);
    }
  }

  private void run(Forward forward, Batch batch) {
    Instant start = clock.instant();
    long nanos = System.nanoTime();
    try {
      float[][] rows =
          forward.run(
              batch.rows.stream().map(row -> row.call.sequences.get(row.index)).toList(),
              batch.length);
      nanos = System.nanoTime() - nanos;
      nanosPerToken += 0.1 * ((double) nanos / ((long) rows.length * batch.length) - nanosPerToken);
      Duration took = Duration.ofNanos(nanos);
      batch.rows.stream().map(row -> row.call).distinct().forEach(call -> call.ran(start, took));
      for (int i = 0; i < rows.length; i++) {
        batch.rows.get(i).call.complete(batch.rows.get(i).index, rows[i]);
      }
    } catch (RuntimeException | Error e) {
      batch.rows.forEach(row -> row.call.outcome.completeExceptionally(e));
      if (e instanceof Error error) {
        throw error; // the thread ends and every later call is told so
      }
    }
  }

  /** Waits for the next batch; null when closed and empty. */
  private @Nullable Batch next() {
    lock.lock();
    try {
      while (true) {
        dropTheDead();
        Call oldest = calls.peek();
        if (oldest != null) {
          return batchFor(oldest);
        }
        if (closed) {
          return null;
        }
        work.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void dropTheDead() {
    Instant now = clock.instant();
    for (Iterator<Call> each = calls.iterator(); each.hasNext(); ) {
      Call call = each.next();
      if (call.deadline != null && now.isAfter(call.deadline)) {
        call.outcome.complete(new Outcome.Expired());
      }
      if (call.outcome.isDone()) {
        waitingTokens -= call.pendingTokens;
        each.remove();
      }
    }
  }

  private Batch batchFor(Call oldest) {
    int length = oldest.longestPending();
    Batch batch = new Batch(length, new ArrayList<>());
    int room = Math.max(1, batchTokens / length);
    for (Iterator<Call> each = calls.iterator(); each.hasNext() && batch.rows.size() < room; ) {
      Call call = each.next();
      waitingTokens -= call.take(batch, room);
      if (call.pendingTokens == 0) {
        each.remove();
      }
    }
    return batch;
  }

  private void abandon(Throwable cause) {
    lock.lock();
    try {
      closed = true;
      calls.forEach(call -> call.outcome.completeExceptionally(cause));
      calls.clear();
      waitingTokens = 0;
    } finally {
      lock.unlock();
    }
  }

  /** Padded lengths: multiples of 16 up to 64, of 32 up to 256, then of 64. */
  static int bucket(int length) {
    int step = length <= 64 ? 16 : length <= 256 ? 32 : 64;
    return (length + step - 1) / step * step;
  }

  private record Row(Call call, int index) {}

  private record Batch(int length, List<Row> rows) {}

  /** The sequences of one caller; but for {@code outcome} guarded by the lock or the thread. */
  private static final class Call {
    final List<Sequence> sequences;
    final @Nullable Instant deadline;
    final Instant arrived;
    final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    final float[][] rows;
    final List<Integer> pending; // longest first
    long pendingTokens;
    int missing;
    Duration queue = Duration.ZERO;
    Duration inference = Duration.ZERO;

    Call(List<Sequence> sequences, @Nullable Instant deadline, Instant arrived) {
      this.sequences = sequences;
      this.deadline = deadline;
      this.arrived = arrived;
      this.rows = new float[sequences.size()][];
      this.missing = sequences.size();
      this.pending = new ArrayList<>(sequences.size());
      for (int i = 0; i < sequences.size(); i++) {
        pending.add(i);
        pendingTokens += bucket(sequences.get(i).length());
      }
      pending.sort((a, b) -> sequences.get(b).length() - sequences.get(a).length());
    }

    int longestPending() {
      return bucket(sequences.get(pending.getFirst()).length());
    }

    /** Moves fitting sequences into the batch; returns their padded tokens. */
    long take(Batch batch, int room) {
      long taken = 0;
      for (Iterator<Integer> each = pending.iterator();
          each.hasNext() && batch.rows.size() < room; ) {
        int index = each.next();
        int length = bucket(sequences.get(index).length());
        if (length <= batch.length && 2 * length >= batch.length) {
          batch.rows.add(new Row(this, index));
          taken += length;
          each.remove();
        }
      }
      pendingTokens -= taken;
      return taken;
    }

    void ran(Instant start, Duration took) {
      if (inference.isZero()) {
        queue = Duration.between(arrived, start);
      }
      inference = inference.plus(took);
    }

    void complete(int index, float[] row) {
      rows[index] = row;
      if (--missing == 0) {
        outcome.complete(new Outcome.Done(rows, queue, inference));
      }
    }
  }
}
