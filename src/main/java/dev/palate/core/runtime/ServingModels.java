package dev.palate.core.runtime;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.model.RewardModel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first model, as {@link ModelLoading} has it, and those that follow it.
 *
 * <p>A request reads {@link #current} once and keeps it, so a change is one write of one field and
 * needs no lock on the way of a request. The former model stays open as the way back, so whoever
 * still holds it scores on it. It is closed when a further change comes, which takes seconds of
 * loading at the least, after whatever waits in it is done.
 */
public final class ServingModels implements ModelSwitch, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ServingModels.class);
  private static final long LOOK_NANOS = 20_000_000;
  private static final long LAST_CALLS_NANOS = 60_000_000_000L;

  private final Path firstDir;
  private final ModelLoading first;
  private final Function<Path, RewardModel> load;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile @Nullable Slots slots;

  /**
   * @param previous null: there was none, or it was let go for one that then could not be loaded
   */
  private record Slots(Loaded serving, @Nullable Loaded previous) {}

  private record Loaded(Path dir, RewardModel model) {
    Place place() {
      return new Place(dir, model.bundle());
    }

    String version() {
      return model.bundle().version();
    }
  }

  /**
   * @param load opens a bundle, warmed up
   */
  public ServingModels(Path firstDir, Function<Path, RewardModel> load) {
    this.firstDir = firstDir;
    this.load = load;
    this.first = new ModelLoading(() -> load.apply(firstDir));
  }

  @Override
  public RewardModel current() {
    Slots now = slots;
    return now == null ? first.current() : now.serving.model;
  }

  private Slots now() {
    Slots now = slots;
    return now == null ? new Slots(new Loaded(firstDir, first.current()), null) : now;
  }

  @Override
  public Place serving() {
    return now().serving.place();
  }

  @Override
  public Optional<Place> previous() {
    return Optional.ofNullable(now().previous).map(Loaded::place);
  }

  @Override
  public String configuredVersion() {
    return first.current().bundle().version();
  }

  @Override
  public Bundle activate(Path bundleDir) {
    if (!changing.tryLock()) {
      throw new ModelBusyException();
    }
    try {
      Bundle wanted = Bundles.read(bundleDir);
      Slots before = now();
      if (wanted.version().equals(before.serving.version())) {
        return before.serving.model.bundle();
      }
      Loaded previous = before.previous;
      Loaded next =
          previous != null && previous.version().equals(wanted.version())
              ? previous
              : replaced(bundleDir, before);
      slots = new Slots(next, before.serving);
      log.info(
          "Model {} {} serves; {} is kept for the way back",
          next.model.bundle().name(),
          next.version(),
          before.serving.version());
      return next.model.bundle();
    } finally {
      changing.unlock();
    }
  }

  /** Loads it once the model before the present one has left its place in memory. */
  private Loaded replaced(Path bundleDir, Slots before) {
    Loaded last = before.previous;
    if (last != null) {
      slots = new Slots(before.serving, null);
      closeWhenDone(last.model);
    }
    return new Loaded(bundleDir, load.apply(bundleDir));
  }

  private static void closeWhenDone(RewardModel model) {
    long end = System.nanoTime() + LAST_CALLS_NANOS;
    while (model.waitingTokens() > 0 && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    model.close();
  }

  /**
   * Waits until the first model is loaded.
   *
   * @throws RuntimeException as loading did
   */
  public void awaitFirst() {
    first.current();
  }

  @Override
  public void close() {
    changing.lock();
    try {
      Slots now = slots;
      if (now == null) {
        first.close();
        return;
      }
      now.serving.model.close();
      if (now.previous != null) {
        now.previous.model.close();
      }
    } finally {
      changing.unlock();
    }
  }
}
