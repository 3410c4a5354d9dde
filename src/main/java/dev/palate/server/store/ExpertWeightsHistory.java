package dev.palate.server.store;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;

/** One version of a user's weights; rows are appended and never changed. */
@Entity
public class ExpertWeightsHistory extends SolvedColumns {

  @Embeddable
  record Key(String userId, String modelVersion, long version) {}

  @EmbeddedId private Key key;
  private int solverVersion;

  @SuppressWarnings("NullAway.Init")
  protected ExpertWeightsHistory() {}

  public StoredWeights stored(long feedbackSeq) {
    return stored(key.modelVersion(), key.version(), solverVersion, feedbackSeq);
  }
}
