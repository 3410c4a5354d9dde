package dev.palate.server.comparisons;

import dev.palate.server.store.ScoredLabel;
import dev.palate.server.store.UnscoredLabel;
import dev.palate.server.store.UserId;
import java.util.List;

/**
 * Pairs of responses that users may be asked about. For a model a comparison is a label that is not
 * given yet: its first response stands as chosen, its second as rejected. Each call is one short
 * transaction.
 */
public interface Comparisons {

  /**
   * Stores those that are new.
   *
   * @throws dev.palate.server.web.ProblemException COMPARISON_CONFLICT or TOO_MANY_COMPARISONS,
   *     nothing stored
   */
  ComparisonsReceipt take(UserId user, List<NewComparison> comparisons);

  /** Some of the user's that have no margins for the model yet, the oldest first. */
  List<UnscoredLabel> unscored(UserId user, String modelVersion, int limit);

  /** Those that are gone are passed over. */
  void saveMargins(String modelVersion, List<ScoredLabel> scored);

  /** All of the user's that have margins for the model, the oldest first. */
  List<StoredComparison> scored(UserId user, String modelVersion);

  /** Of these rows, as far as they are there still, in no order. */
  List<StoredComparison.Texts> texts(List<Long> comparisons);

  /**
   * @throws dev.palate.server.web.ProblemException NOT_FOUND if the user has no such comparison
   */
  void delete(UserId user, String comparisonId);

  void deleteAll(UserId user);
}
