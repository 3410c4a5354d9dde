package dev.palate.lab.train;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was trained of each seed.
 *
 * @param bySeed at least one run
 */
public record SeedRuns(SortedMap<Long, Trainer.Trained> bySeed) {

  /**
   * @throws IllegalArgumentException if there is no run
   */
  public SeedRuns {
    if (bySeed.isEmpty()) {
      throw new IllegalArgumentException("'seeds' must be positive");
    }
    bySeed = Collections.unmodifiableSortedMap(new TreeMap<>(bySeed));
  }

  /** The seed with the lowest validation log-loss; of several, the first. */
  public long keptSeed() {
    return best().getKey();
  }

  /** Its run. */
  public Trainer.Trained kept() {
    return best().getValue();
  }

  private Map.Entry<Long, Trainer.Trained> best() {
    Map.Entry<Long, Trainer.Trained> best = bySeed.entrySet().iterator().next();
    for (Map.Entry<Long, Trainer.Trained> run : bySeed.entrySet()) {
      if (run.getValue().best().validationLoss() < best.getValue().best().validationLoss()) {
        best = run;
      }
    }
    return best;
  }
}
