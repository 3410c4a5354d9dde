package dev.palate.reward;

import java.util.concurrent.atomic.LongAdder;

/** What a model's batcher has done since it was opened. Thread-safe. */
public final class ForwardCounts {
  final LongAdder batches = new LongAdder();
  final LongAdder tokens = new LongAdder();
  final LongAdder paddedTokens = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder expired = new LongAdder();
  final LongAdder left = new LongAdder();
  final LongAdder poisoned = new LongAdder();

  /** Forward passes. */
  public long batches() {
    return batches.sum();
  }

  /** Tokens read, padding not counted. */
  public long tokens() {
    return tokens.sum();
  }

  /** Tokens computed, padding counted. */
  public long paddedTokens() {
    return paddedTokens.sum();
  }

  /** Calls refused because the queue was full. */
  public long refused() {
    return refused.sum();
  }

  /** Calls dropped because their deadline had passed. */
  public long expired() {
    return expired.sum();
  }

  /** Calls dropped because their caller had left. */
  public long left() {
    return left.sum();
  }

  /** Sequences whose forward pass failed even when run alone. */
  public long poisoned() {
    return poisoned.sum();
  }
}
