package dev.palate.core.model;

import java.util.concurrent.atomic.LongAdder;

/** What a model's batcher has done since it was opened. Thread-safe. */
public final class ForwardCounts {
  public final LongAdder batches = new LongAdder();
  public final LongAdder tokens = new LongAdder();
  public final LongAdder paddedTokens = new LongAdder();
  public final LongAdder refused = new LongAdder();
  public final LongAdder expired = new LongAdder();
  public final LongAdder left = new LongAdder();
  public final LongAdder poisoned = new LongAdder();

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
