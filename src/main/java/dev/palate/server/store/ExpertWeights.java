package dev.palate.server.store;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import org.hibernate.annotations.Formula;

/** A user's weights for one model version, as of the last solve. */
@Entity
class ExpertWeights extends SolvedColumns {

  @Embeddable
  record Key(String userId, String modelVersion) {}

  @EmbeddedId private Key key;
  private long version;

  @Formula("case when solver_version_at = version then solver_version else 1 end")
  private int solverVersion;

  /** The user's, of the same moment. */
  @Formula("(select u.feedback_seq from users u where u.id = user_id)")
  private long feedbackSeq;

  @SuppressWarnings("NullAway.Init")
  protected ExpertWeights() {}

  StoredWeights stored() {
    return stored(key.modelVersion(), version, solverVersion, feedbackSeq);
  }
}
