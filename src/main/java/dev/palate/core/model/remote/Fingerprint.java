package dev.palate.core.model.remote;

import dev.palate.core.bundle.EncoderSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * By what a remote encoder is known again, whose files cannot be hashed: the embedding of one text,
 * projected to {@value EncoderSpec#FINGERPRINT_LENGTH} numbers by random signs (Achlioptas,
 * Database-friendly random projections, 2003). The same model in another precision keeps its
 * direction; another model, revision or pooling does not.
 */
final class Fingerprint {
  private static final int LENGTH = EncoderSpec.FINGERPRINT_LENGTH;

  static final RemoteText TEXT =
      RemoteText.lone(
          "Rivers carry sand to the sea; slowly, over thousands of years, the sand becomes stone. Why is"
              + " that so hard to see?");

  private static final long SEED = 20_260_604;

  private Fingerprint() {}

  /**
   * @param embedding of {@link #TEXT}
   * @return four decimals of each number
   */
  static List<Double> of(float[] embedding) {
    SplittableRandom random = new SplittableRandom(SEED);
    List<Double> fingerprint = new ArrayList<>(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      double sum = 0;
      for (float value : embedding) {
        sum += random.nextBoolean() ? value : -value;
      }
      fingerprint.add(Math.round(sum * 1e4) / 1e4);
    }
    return List.copyOf(fingerprint);
  }
}
