package dev.palate.core.model.torch;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Held while gradients are collected and until they have been read. The engine has one collector in
 * a process and a second fails; making one sets every gradient in the process to zero. Who comes
 * second waits here.
 */
public final class GradientTurn implements AutoCloseable {

  private static final ReentrantLock LOCK = new ReentrantLock();

  private GradientTurn() {}

  /** Waits until nobody else has it; closed by the thread that took it. */
  public static GradientTurn take() {
    LOCK.lock();
    return new GradientTurn();
  }

  @Override
  public void close() {
    LOCK.unlock();
  }
}
