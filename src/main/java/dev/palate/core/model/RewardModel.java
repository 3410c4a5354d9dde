package dev.palate.core.model;

import dev.palate.core.bundle.Bundle;
import java.util.List;

/**
 * A loaded sparse mixture-of-experts reward model. Thread-safe; a call blocks its own thread
 * (virtual threads welcome) while the device's forward thread works.
 */
public interface RewardModel extends AutoCloseable {

  /** The bundle this model was loaded from; it stays the same. */
  Bundle bundle();

  /** Where and how it runs. */
  Placement placement();

  /**
   * Scores all items, admitted whole or refused whole. The scores do not depend on any user.
   *
   * @param items at least one
   */
  ScoreResult score(List<ScoreItem> items, ScoreOptions options);

  /** Whether it can score at all; false for ever once its forward thread has ended. */
  boolean isAlive();

  /** What it has done since it was loaded. */
  default ForwardCounts counts() {
    return new ForwardCounts();
  }

  /** Padded tokens that wait for the device. */
  default long waitingTokens() {
    return 0;
  }

  /** Waits for the running forward pass, then frees device memory. */
  @Override
  void close();

  /**
   * @param device {@code cpu}, {@code gpu(0)} or {@code gpu(0), gpu(1)}
   * @param dtype {@code fp32} or {@code bf16}
   * @param maxTokens sequence limit, special tokens included
   */
  record Placement(String device, String dtype, int maxTokens) {}
}
