package dev.palate.server.store;

import dev.palate.core.taste.SolverVersion;

/**
 * How {@code expert_weights} says which solver its weights are of. A replica of a release before
 * these columns leaves them as they are and raises {@code version}: what it wrote is told by {@code
 * solver_version_at}, which then is an older version than the weights'.
 */
public final class SolverColumns {

  /** The solver version of a row of {@code expert_weights}, of which no other table has columns. */
  public static final String VERSION =
      "case when solver_version_at = version then solver_version else %d end"
          .formatted(SolverVersion.FIRST);

  private SolverColumns() {}

  /** As {@link #VERSION}, where several tables have such columns. */
  public static String version(String alias) {
    return "case when %1$s.solver_version_at = %1$s.version then %1$s.solver_version else %2$d end"
        .formatted(alias, SolverVersion.FIRST);
  }

  /**
   * Whether a row's weights are of this solver, or a later one, and have seen all labels.
   *
   * @param weights alias of {@code expert_weights}
   * @param users alias of {@code users}
   */
  public static String upToDate(String weights, String users) {
    return "%1$s.solved_seq >= %2$s.feedback_seq and %3$s >= %4$d"
        .formatted(weights, users, version(weights), SolverVersion.CURRENT);
  }
}
