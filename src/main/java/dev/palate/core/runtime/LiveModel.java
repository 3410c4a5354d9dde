package dev.palate.core.runtime;

import dev.palate.core.model.RewardModel;

/**
 * The model that serves now. Read it once per request, so that one answer speaks of one version.
 */
public interface LiveModel {
  RewardModel current();
}
