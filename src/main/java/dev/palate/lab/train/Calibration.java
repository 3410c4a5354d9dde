package dev.palate.lab.train;

/**
 * How margins become probabilities, fitted on pairs that were not trained on (MODEL.md): {@code P =
 * e + (1 - 2e) sigmoid(s D)}.
 *
 * @param scale s
 * @param labelNoise e
 * @param logLoss the weighted mean of -log P reached
 */
public record Calibration(double scale, double labelNoise, double logLoss) {

  private static final double[] NOISES = {0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2};
  private static final double LOWEST = Math.log(1e-3);
  private static final double HIGHEST = Math.log(1e3);
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /** The best s, and the best e of a small grid; a grid's step must pay for itself. */
  public static Calibration fit(double[] margins, double[] weights) {
    Calibration best = fitScale(margins, weights, 0);
    for (double noise : NOISES) {
      Calibration candidate = fitScale(margins, weights, noise);
      if (candidate.logLoss < best.logLoss - 1e-6) {
        best = candidate;
      }
    }
    return best;
  }

  /**
   * The best s for a given e, by golden section over log s: without noise the loss is convex in s.
   */
  static Calibration fitScale(double[] margins, double[] weights, double noise) {
    double low = LOWEST;
    double high = HIGHEST;
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = logLoss(margins, weights, Math.exp(left), noise);
    double atRight = logLoss(margins, weights, Math.exp(right), noise);
    while (high - low > 1e-4) {
      if (atLeft <= atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = logLoss(margins, weights, Math.exp(left), noise);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = logLoss(margins, weights, Math.exp(right), noise);
      }
    }
    double scale = Math.exp((low + high) / 2);
    return new Calibration(scale, noise, logLoss(margins, weights, scale, noise));
  }

  public static double logLoss(double[] margins, double[] weights, double scale, double noise) {
    double sum = 0;
    double total = 0;
    for (int i = 0; i < margins.length; i++) {
      double z = scale * margins[i];
      double loss =
          noise == 0
              ? Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)))
              : -Math.log(noise + (1 - 2 * noise) / (1 + Math.exp(-z)));
      sum += weights[i] * loss;
      total += weights[i];
    }
    return sum / total;
  }
}
