package dev.palate.server.store;

import dev.palate.core.taste.LabelMargin;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The background job's door to what is stored. Each call is one short transaction. */
public interface UserMemory {

  /** Empty: nobody of this name, or not any more. */
  Optional<UserState> state(UserId user);

  /** As {@link #state}, and the row stays locked until the caller's transaction ends. */
  Optional<UserState> lock(UserId user);

  /**
   * Some of the user's labels that have no margins for the model yet, the oldest first. Those whose
   * texts were dropped are passed over.
   */
  List<UnscoredLabel> unscored(UserId user, String modelVersion, int limit);

  /** Those of them whose label is gone are passed over. */
  void saveMargins(String modelVersion, List<ScoredLabel> scored);

  /** All of the user's labels that have margins for the model. */
  default List<LabelMargin> margins(UserId user, String modelVersion) {
    return labelledMargins(user, modelVersion).stream().map(LabelledMargin::margin).toList();
  }

  /** As {@link #margins}, each with its label's row. */
  List<LabelledMargin> labelledMargins(UserId user, String modelVersion);

  /** The user's labels in these rows, by row; those that are gone are passed over. */
  Map<Long, StoredLabel> labels(UserId user, Collection<Long> rows);

  /** The labels that {@code POST feedback} would store; its conflicts are thrown. */
  List<NewLabel> fresh(UserId user, List<NewLabel> labels);

  /**
   * Writes weights and their history, unless the user is not the one that was read, or weights are
   * there that have seen as much, of this solver's version or a later one.
   *
   * @param read the state read before the labels were
   * @return empty: not written; else the time since the newest feedback
   */
  Optional<Duration> write(UserId user, UserState read, SolvedWeights weights);
}
