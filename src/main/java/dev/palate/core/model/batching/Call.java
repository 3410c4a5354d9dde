package dev.palate.core.model.batching;

import dev.palate.core.encoder.Sequence;
import dev.palate.core.encoder.TokenBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The sequences of one caller on their way through the batcher. What is still {@code pending} is
 * guarded by the queue's lock; rows come from any forward thread.
 */
final class Call {
  final List<Sequence> sequences;
  final @Nullable Instant deadline;
  final Instant arrived;
  final CompletableFuture<Batcher.Outcome> outcome = new CompletableFuture<>();
  final AtomicBoolean countedAsLeft = new AtomicBoolean();

  private final float[][] rows;
  private final AtomicInteger missing;
  private final List<Integer> pending; // longest first
  private final boolean[] taken;
  private long pendingTokens;
  private Duration queue = Duration.ZERO;
  private Duration inference = Duration.ZERO;

  Call(List<Sequence> sequences, @Nullable Instant deadline, Instant arrived) {
    this.sequences = sequences;
    this.deadline = deadline;
    this.arrived = arrived;
    this.rows = new float[sequences.size()][];
    this.missing = new AtomicInteger(sequences.size());
    this.taken = new boolean[sequences.size()];
    this.pending = new ArrayList<>(sequences.size());
    for (int i = 0; i < sequences.size(); i++) {
      pending.add(i);
      pendingTokens += paddedLength(i);
    }
    pending.sort((a, b) -> sequences.get(b).length() - sequences.get(a).length());
  }

  /** Tokens, each sequence padded to its own bucket. */
  static long paddedTokens(List<Sequence> sequences) {
    return sequences.stream().mapToLong(s -> TokenBatch.bucket(s.length())).sum();
  }

  int paddedLength(int index) {
    return TokenBatch.bucket(sequences.get(index).length());
  }

  /** Indices of the sequences no batch has taken yet, longest first. */
  List<Integer> pending() {
    return pending;
  }

  long pendingTokens() {
    return pendingTokens;
  }

  int longestPending() {
    return paddedLength(pending.getFirst());
  }

  void take(int index) {
    taken[index] = true;
    pendingTokens -= paddedLength(index);
  }

  /** Forgets what was taken; whether anything is left. */
  boolean hasMore() {
    pending.removeIf(index -> taken[index]);
    return !pending.isEmpty();
  }

  /** A pass with some of this call's sequences is over. */
  synchronized void ran(Instant start, Duration took) {
    if (inference.isZero()) {
      queue = Duration.between(arrived, start);
    }
    inference = inference.plus(took);
  }

  void complete(int index, float[] row) {
    rows[index] = row;
    if (missing.decrementAndGet() == 0) {
      synchronized (this) {
        outcome.complete(new Batcher.Outcome.Done(rows, queue, inference));
      }
    }
  }
}
