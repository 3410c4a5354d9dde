package dev.palate.server.adaptation;

import dev.palate.core.model.PromptScores;

/** D of MODEL.md: what the experts make of the step from rejected to chosen. */
final class Margins {

  private Margins() {}

  /**
   * @param scores of the two responses chosen and rejected, in this order
   * @return {@code float[k]}
   */
  static float[] of(PromptScores scores) {
    float[] chosen = scores.responses().get(0).rewards();
    float[] rejected = scores.responses().get(1).rewards();
    float[] margins = new float[chosen.length];
    for (int k = 0; k < margins.length; k++) {
      margins[k] = chosen[k] - rejected[k];
    }
    return margins;
  }

  static boolean finite(float[] margins) {
    for (float margin : margins) {
      if (!Float.isFinite(margin)) {
        return false;
      }
    }
    return true;
  }
}
