package dev.palate.core.model.batching;

import dev.palate.core.model.ForwardCounts;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue between callers and forward threads, by the rules of the {@link Batcher}'s
 * essay. Thread-safe; only {@link #next} and {@link #prepare} wait.
 */
final class CallQueue {
  private static final double GUESS = 50_000; // ns a token, until a full pass has been measured
  private static final double NEWEST = 0.2; // a full pass' part of the rate

  private final int batchTokens;
  private final QueueBound bound;
  private final Clock clock;
  private final ForwardCounts counts;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Turns turns;
  private final Deque<Batch> ready = new ArrayDeque<>(); // laid out
  private long reserved; // by callers who still tokenize
  private long laidOutTokens; // of ready batches and the one being laid out
  private int lanes;
  private int idle;
  private int preparing;
  private double nanosPerToken = Double.NaN; // in a lane; NaN: no pass was half full
  private boolean closed;

  CallQueue(int batchTokens, QueueBound bound, Clock clock, ForwardCounts counts) {
    this.turns = new Turns(batchTokens, clock);
    this.batchTokens = batchTokens;
    this.bound = bound;
    this.clock = clock;
    this.counts = counts;
  }

  /** Room for so many tokens, or none. */
  boolean reserve(long tokens) {
    lock.lock();
    try {
      requireOpen();
      long waiting = waitingTokens();
      if (waiting > 0 && !fits(waiting + tokens)) {
        counts.refused.increment();
        return false;
      }
      reserved += tokens;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** What one pass takes is never too much time: else no pass would ever tell a better rate. */
  private boolean fits(long tokens) {
    boolean late = nanos(tokens, nanosPerToken) > bound.time().toNanos(); // false where NaN
    return tokens <= bound.tokens() && (tokens <= batchTokens || !late);
  }

  /** What all lanes together need for so many tokens. */
  private double nanos(long tokens, double nanosPerToken) {
    return tokens * nanosPerToken / Math.max(1, lanes);
  }

  /** Gives back what was reserved and is not used. */
  void release(long tokens) {
    lock.lock();
    try {
      reserved -= tokens;
    } finally {
      lock.unlock();
    }
  }

  /** Puts a call in the place of what was reserved for it. */
  void add(Call call, long tokens) {
    lock.lock();
    try {
      reserved -= tokens;
      requireOpen();
      turns.add(call);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the model is closed");
    }
  }

  /** Padded tokens that wait, promised ones included. */
  long waitingTokens() {
    lock.lock();
    try {
      return reserved + turns.pendingTokens() + laidOutTokens;
    } finally {
      lock.unlock();
    }
  }

  /** How long what waits will take. */
  Duration backlog() {
    lock.lock();
    try {
      double rate = Double.isNaN(nanosPerToken) ? GUESS : nanosPerToken;
      return Duration.ofNanos((long) nanos(waitingTokens(), rate));
    } finally {
      lock.unlock();
    }
  }

  /** Batches that were laid out ahead of a free lane. */
  int ready() {
    lock.lock();
    try {
      return ready.size();
    } finally {
      lock.unlock();
    }
  }

  void laneOpened() {
    lock.lock();
    try {
      lanes++;
    } finally {
      lock.unlock();
    }
  }

  /** A forward thread has ended by an error; with the last one all that waits fails. */
  void laneFailed(Throwable cause) {
    lock.lock();
    try {
      lanes--;
      if (lanes > 0) {
        return;
      }
      closed = true;
      turns.dropIf(call -> call.outcome.completeExceptionally(cause) || call.outcome.isDone());
      ready.forEach(batch -> fail(batch, cause));
      ready.clear();
      laidOutTokens = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  static void fail(Batch batch, Throwable cause) {
    batch.rows().forEach(row -> row.call().outcome.completeExceptionally(cause));
  }

  /**
   * A pass over so many padded tokens took so long. The emptier it is the less it says of what a
   * queue takes, since much of its time is the same for one token as for many.
   */
  void ran(long paddedTokens, long nanos) {
    double newest = (double) nanos / paddedTokens;
    double full = Math.min(1, (double) paddedTokens / batchTokens);
    lock.lock();
    try {
      if (!Double.isNaN(nanosPerToken)) {
        nanosPerToken += NEWEST * full * (newest - nanosPerToken);
      } else if (full >= 0.5) {
        nanosPerToken = newest;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next batch; null when closed and empty. */
  @Nullable Batch next() {
    lock.lock();
    try {
      while (true) {
        Batch batch = poll();
        if (batch != null) {
          return batch;
        }
        if (closed && preparing == 0) {
          return null;
        }
        idle++;
        changed.awaitUninterruptibly();
        idle--;
      }
    } finally {
      lock.unlock();
    }
  }

  /** The next batch if anything waits. */
  @Nullable Batch poll() {
    lock.lock();
    try {
      for (Batch batch = ready.poll(); batch != null; batch = ready.poll()) {
        laidOutTokens -= batch.paddedTokens();
        changed.signalAll(); // there is room for another
        batch = batch.without(this::isDead);
        if (!batch.isEmpty()) {
          return batch;
        }
      }
      turns.dropIf(this::isDead);
      return turns.isEmpty() ? null : turns.next();
    } finally {
      lock.unlock();
    }
  }

  /** Lays out full batches while every lane is busy, until the queue is closed. */
  void prepare() {
    lock.lock();
    try {
      while (!closed) {
        turns.dropIf(this::isDead);
        if (lanes > 0 && idle == 0 && ready.size() < lanes && turns.fillABatch()) {
          prepareOne();
        } else {
          changed.awaitUninterruptibly();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void prepareOne() {
    Batch batch = turns.next();
    laidOutTokens += batch.paddedTokens();
    preparing++;
    lock.unlock();
    try {
      batch.layOut();
    } finally {
      lock.lock();
      preparing--;
      if (lanes > 0) {
        ready.add(batch);
      } else {
        laidOutTokens = 0;
        fail(batch, new IllegalStateException("the model is closed"));
      }
      changed.signalAll();
    }
  }

  /** Admitted work is still done; nothing more is admitted. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether nobody waits for the call any more; the first to find that out counts it. */
  boolean isDead(Call call) {
    if (call.deadline != null
        && clock.instant().isAfter(call.deadline)
        && call.outcome.complete(new Batcher.Outcome.Expired())) {
      counts.expired.increment();
    }
    if (call.outcome.isCancelled() && call.countedAsLeft.compareAndSet(false, true)) {
      counts.left.increment();
    }
    return call.outcome.isDone();
  }
}
