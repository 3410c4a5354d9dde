package dev.palate.server.store;

import java.util.List;
import java.util.function.Consumer;

/**
 * The bulk solve's door to what is stored: many users at once, by few statements. The guards are
 * those of {@link UserMemory}.
 */
public interface BulkMemory {

  /**
   * Gives the users of the key range (after, last] whose weights for the model are behind their
   * labels or this solver, in the order of their ids, one user's labels in memory at a time. Joins
   * the caller's transaction, in which nothing else may be asked meanwhile.
   *
   * @param limit at most so many users
   */
  void read(
      String after, String last, String modelVersion, int limit, Consumer<UserMargins> consumer);

  /** Those of the labels, named by their rows, that have texts and no margins for the model. */
  List<UnscoredLabel> unscored(List<Long> labels, String modelVersion);

  /**
   * Writes weights and their history, but not of users who are not those that were read, and not
   * over ones as new. Joins the caller's transaction, which then holds the users against erasure.
   *
   * @param solved in the order of their ids, for one model version
   * @return the users whose weights were written
   */
  List<UserId> write(List<SolvedUser> solved);
}
