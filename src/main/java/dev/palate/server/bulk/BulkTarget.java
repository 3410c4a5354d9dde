package dev.palate.server.bulk;

import dev.palate.core.taste.SolverVersion;

/**
 * What a bulk solves for. Replicas take the ranges of a bulk only where they serve its model and
 * have its solver or a later one: an older replica would find nobody behind, and end the range.
 *
 * @param modelVersion whose weights are to be solved
 * @param solverVersion at least of this version
 */
record BulkTarget(String modelVersion, int solverVersion) {

  /** By this replica's solver. */
  static BulkTarget of(String modelVersion) {
    return new BulkTarget(modelVersion, SolverVersion.CURRENT);
  }

  /**
   * As stored: {@link #text}, or a model version alone, by a replica that knows no other solver
   * than the first.
   */
  static BulkTarget parse(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new BulkTarget(text, SolverVersion.FIRST)
        : new BulkTarget(text.substring(0, slash), Integer.parseInt(text.substring(slash + 1)));
  }

  /** One text: a replica that knows model versions alone takes it for a model that it lacks. */
  String text() {
    return modelVersion + "/" + solverVersion;
  }

  boolean isServedBy(String liveModelVersion) {
    return modelVersion.equals(liveModelVersion) && solverVersion <= SolverVersion.CURRENT;
  }
}
