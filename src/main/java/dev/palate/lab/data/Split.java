package dev.palate.lab.data;

/** What a pair may be used for. */
public enum Split {
  /** The loss is computed on it, and the prior's covariance. */
  TRAIN,
  /** Stopping, calibration, the prior's strength and every choice are made on it. */
  VALIDATION,
  /** Nothing is learned from it and nothing chosen on it. */
  TEST
}
