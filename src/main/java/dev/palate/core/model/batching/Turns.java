package dev.palate.core.model.batching;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whose sequences go next and with which others: the part of a {@link Batcher}'s rules that knows
 * no threads. Guarded by the lock of the {@link CallQueue}.
 */
final class Turns {
  static final Duration AGE_LIMIT = Duration.ofMillis(500);
  private static final int WINDOW = 4; // batches' worth of tokens that are looked through

  private final int batchTokens;
  private final Clock clock;
  private final Deque<Call> calls = new ArrayDeque<>();
  private long pendingTokens;

  Turns(int batchTokens, Clock clock) {
    this.batchTokens = batchTokens;
    this.clock = clock;
  }

  void add(Call call) {
    calls.add(call);
    pendingTokens += call.pendingTokens();
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  /** Tokens of all that no batch has taken, each sequence padded to its own bucket. */
  long pendingTokens() {
    return pendingTokens;
  }

  boolean fillABatch() {
    return pendingTokens >= batchTokens;
  }

  void dropIf(Predicate<Call> dead) {
    for (Iterator<Call> each = calls.iterator(); each.hasNext(); ) {
      Call call = each.next();
      if (dead.test(call)) {
        pendingTokens -= call.pendingTokens();
        each.remove();
      }
    }
  }

  /** Takes the next batch; something must be pending. */
  Batch next() {
    Call first = whose();
    int length = first.longestPending();
    List<Batch.Row> window = new ArrayList<>();
    long tokens = lookThrough(first, length, window);
    for (Iterator<Call> each = calls.iterator();
        each.hasNext() && tokens < (long) WINDOW * batchTokens; ) {
      Call call = each.next();
      if (call != first) {
        tokens += lookThrough(call, length, window);
      }
    }
    // stable, so that among equal lengths the call whose turn it is comes first
    window.sort(Comparator.comparingInt(Batch.Row::paddedLength).reversed());
    int room = Math.max(1, batchTokens / length);
    Batch batch = new Batch(length, window.subList(0, Math.min(window.size(), room)));
    take(batch);
    if (calls.remove(first)) {
      calls.addLast(first);
    }
    return batch;
  }

  /** The next in turn, or the oldest call once it has waited for too long. */
  private Call whose() {
    Call oldest = calls.element();
    for (Call call : calls) {
      if (call.arrived.isBefore(oldest.arrived)) {
        oldest = call;
      }
    }
    boolean tooLong = Duration.between(oldest.arrived, clock.instant()).compareTo(AGE_LIMIT) > 0;
    return tooLong ? oldest : calls.element();
  }

  /** Collects the call's sequences that are of the length or down to half of it. */
  private static long lookThrough(Call call, int length, List<Batch.Row> window) {
    long tokens = 0;
    for (int index : call.pending()) {
      int own = call.paddedLength(index);
      if (2 * own < length) {
        break;
      }
      if (own <= length) {
        window.add(new Batch.Row(call, index));
        tokens += own;
      }
    }
    return tokens;
  }

  private void take(Batch batch) {
    Set<Call> touched = new HashSet<>();
    for (Batch.Row row : batch.rows()) {
      row.call().take(row.index());
      pendingTokens -= row.paddedLength();
      touched.add(row.call());
    }
    touched.removeIf(Call::hasMore);
    calls.removeIf(touched::contains);
  }
}
