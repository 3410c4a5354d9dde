package dev.palate.server.store;

import java.util.Optional;

/** The scoring path's door: a user's weights for the model that serves. */
public interface UserWeights {

  /** Empty: the user has no weights for this model version and is served by the prior. */
  Optional<StoredWeights> find(UserId user, String modelVersion);
}
