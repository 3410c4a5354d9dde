package dev.palate.server.score;

import java.util.Locale;

/** The forms in which scores are asked for, as metrics name them. */
public enum ScoreKind {
  SINGLE,
  BATCH,
  GET_REWARD,
  RERANK,
  V1_SCORE;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
