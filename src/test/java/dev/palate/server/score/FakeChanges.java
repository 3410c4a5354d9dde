package dev.palate.server.score;

import dev.palate.server.changes.UserChanges;
import java.time.Duration;

/** What a test says of the other replicas; at first, that nothing is heard of them. */
final class FakeChanges implements UserChanges {

  private volatile long session;
  private volatile boolean listening;
  private volatile Duration silence = Duration.ofDays(1);

  void begin() {
    session++;
    silence = Duration.ZERO;
    listening = true;
  }

  void end(Duration silence) {
    this.silence = silence;
    listening = false;
  }

  @Override
  public long session() {
    return session;
  }

  @Override
  public boolean listening() {
    return listening;
  }

  @Override
  public long silenceNanos() {
    return silence.toNanos();
  }
}
