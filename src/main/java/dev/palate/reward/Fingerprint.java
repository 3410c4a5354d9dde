package dev.palate.reward;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * By what a remote encoder is known again, whose files cannot be hashed: the embedding of one text,
 * projected to {@value #LENGTH} numbers by random signs (Achlioptas, Database-friendly random
 * projections, 2003). The same model in another precision keeps its direction; another model,
 * revision or pooling does not.
 */
final class Fingerprint {
  static final int LENGTH = 64;

  /** Below it another model answers: two directions that have nothing in common are within 0.5. */
  static final double LEAST_COSINE = 0.97;

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

  /** Whether one model made both. */
  static boolean agree(List<Double> a, List<Double> b) {
    double product = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < LENGTH; i++) {
      product += a.get(i) * b.get(i);
      first += a.get(i) * a.get(i);
      second += b.get(i) * b.get(i);
    }
    return product >= LEAST_COSINE * Math.sqrt(first * second);
  }
}
