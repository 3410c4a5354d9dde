package dev.palate.server.score;

import dev.palate.server.store.StoredWeights;
import dev.palate.server.store.UserId;
import dev.palate.server.store.UserWeights;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;

/** Users' weights in memory, with a database that a test can cut or slow down. */
public final class FakeWeights implements UserWeights {

  private final Map<UserId, StoredWeights> stored = new ConcurrentHashMap<>();
  private final AtomicInteger reads = new AtomicInteger();
  private volatile boolean cut;
  private volatile @Nullable CountDownLatch stuck;

  public void store(String user, float[] shift, long version, boolean pending) {
    stored.put(
        new UserId(user),
        new StoredWeights(
            "0123abcd",
            version,
            2,
            shift,
            new float[shift.length],
            new boolean[shift.length],
            3,
            1.0,
            3,
            pending ? 4 : 3,
            Instant.EPOCH));
  }

  void cut(boolean cut) {
    this.cut = cut;
  }

  /** Until released, every read hangs. */
  void stick(@Nullable CountDownLatch release) {
    stuck = release;
  }

  int reads() {
    return reads.get();
  }

  @Override
  public Optional<StoredWeights> find(UserId user, String modelVersion) {
    reads.incrementAndGet();
    if (cut) {
      throw new DataAccessResourceFailureException("connection refused");
    }
    CountDownLatch latch = stuck;
    if (latch != null) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return Optional.ofNullable(stored.get(user));
  }
}
