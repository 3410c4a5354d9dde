package dev.palate.chaos;

import java.util.SplittableRandom;

/**
 * Where a run's random choices come from: {@code -Dpalate.chaos.seed=N} repeats the choices of an
 * earlier run. What threads and processes make of them is the machine's.
 */
final class Seed {

  private final long value;

  private Seed(long value) {
    this.value = value;
  }

  /** The one asked for, or a new one; printed, so that a run that failed can be repeated. */
  static Seed ofThisRun() {
    long value =
        Long.getLong(
            "palate.chaos.seed",
            Math.floorMod(System.nanoTime() * 0x9E3779B97F4A7C15L, 1_000_000L));
    System.out.println("-Dpalate.chaos.seed=" + value);
    return new Seed(value);
  }

  /** Choices of their own for each purpose: one that makes more of them does not move another's. */
  SplittableRandom random(String purpose) {
    return new SplittableRandom(value * 31 + purpose.hashCode());
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
