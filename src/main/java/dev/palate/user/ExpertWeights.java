package dev.palate.user;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;

/** A user's weights for one model version, as of the last solve. */
@Entity
class ExpertWeights extends SolvedColumns {

  @Embeddable
  record Key(String userId, String modelVersion) {}

  @EmbeddedId private Key key;
  private long version;

  @SuppressWarnings("NullAway.Init")
  protected ExpertWeights() {}

  StoredWeights stored(long feedbackSeq) {
    return stored(key.modelVersion(), version, feedbackSeq);
  }
}
