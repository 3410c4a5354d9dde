package dev.palate.server.bulk;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Starts bulk solves, with ranges of the configured size. */
@Component
public class BulkStart {

  private final BulkSolves bulks;
  private final int usersPerRange;

  BulkStart(BulkSolves bulks, @Value("${palate.adaptation.bulk-range:2000}") int usersPerRange) {
    if (usersPerRange < 1) {
      throw new IllegalArgumentException(
          "'palate.adaptation.bulk-range' must be at least 1, was " + usersPerRange);
    }
    this.bulks = bulks;
    this.usersPerRange = usersPerRange;
  }

  /** The id of a bulk for this model: a new one, or the one that runs. */
  public long start(String modelVersion) {
    return bulks.start(modelVersion, usersPerRange);
  }

  /** As {@link #start}, if anybody's weights are of an older solver. */
  boolean startIfOlderSolver(String modelVersion) {
    if (!bulks.anyOfOlderSolver(modelVersion)) {
      return false;
    }
    bulks.start(modelVersion, usersPerRange);
    return true;
  }

  /** As {@link #start}, if anybody's weights are behind at all. */
  public boolean startIfBehind(String modelVersion) {
    if (!bulks.anyBehind(modelVersion)) {
      return false;
    }
    bulks.start(modelVersion, usersPerRange);
    return true;
  }
}
