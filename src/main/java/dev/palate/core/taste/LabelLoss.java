package dev.palate.core.taste;

/**
 * The labels' loss and its derivatives by their margins, for all labels of a user at once.
 *
 * <p>In three loops, of which the first and the last call exp and log: small loops without branches
 * on the data let a processor work on several labels at a time.
 */
final class LabelLoss {

  private final double scale;
  private final double noise;

  /** exp(-|s t_i|), then P(label i) where there is label noise. */
  private double[] scratch = {};

  LabelLoss(Likelihood likelihood) {
    this.scale = likelihood.scale();
    this.noise = likelihood.labelNoise();
  }

  void reserve(int labels) {
    if (scratch.length < labels) {
      scratch = new double[Math.max(labels, 2 * scratch.length)];
    }
  }

  /**
   * {@code -sum g_i log p_i} of n labels; sets the point's pulls and bends.
   *
   * @param point with its margins, as they are signed
   * @param strengths g_i
   * @param signs -1 where chosen and rejected are swapped, else 1
   */
  double at(Point point, int n, double[] strengths, double[] signs) {
    double[] margins = point.margins;
    for (int i = 0; i < n; i++) {
      scratch[i] = PlainMath.exp(-Math.abs(scale * margins[i]));
    }
    return noise == 0
        ? withoutNoise(point, n, strengths, signs)
        : withNoise(point, n, strengths, signs);
  }

  private double withoutNoise(Point point, int n, double[] strengths, double[] signs) {
    double[] margins = point.margins;
    double[] pulls = point.pulls;
    double[] bends = point.bends;
    for (int i = 0; i < n; i++) {
      double more = 1 / (1 + scratch[i]);
      double less = scratch[i] * more;
      double ahead = ahead(margins[i]);
      double lost = ahead * less + (1 - ahead) * more;
      pulls[i] = -strengths[i] * scale * lost * signs[i];
      bends[i] = strengths[i] * scale * scale * (more * less);
    }
    double loss = 0;
    for (int i = 0; i < n; i++) {
      loss -= strengths[i] * (Math.min(scale * margins[i], 0) - PlainMath.log1p(scratch[i]));
    }
    return loss;
  }

  /** With p = e + (1-2e) won: slope = p'/p and bend = (p'/p)^2 - p''/p, over powers of s. */
  private double withNoise(Point point, int n, double[] strengths, double[] signs) {
    double[] margins = point.margins;
    double[] pulls = point.pulls;
    double[] bends = point.bends;
    double signal = 1 - 2 * noise;
    for (int i = 0; i < n; i++) {
      double more = 1 / (1 + scratch[i]);
      double less = scratch[i] * more;
      double ahead = ahead(margins[i]);
      double won = ahead * more + (1 - ahead) * less;
      double lost = ahead * less + (1 - ahead) * more;
      double p = noise + signal * won;
      double slope = signal * (more * less) / p;
      scratch[i] = p;
      pulls[i] = -strengths[i] * scale * slope * signs[i];
      bends[i] = strengths[i] * scale * scale * (slope * (slope - (lost - won)));
    }
    double loss = 0;
    for (int i = 0; i < n; i++) {
      loss -= strengths[i] * PlainMath.log(scratch[i]);
    }
    return loss;
  }

  /** 1 where the label is won, 0 where it is lost, exactly, without a branch to mispredict. */
  private static double ahead(double margin) {
    return 0.5 + Math.copySign(0.5, margin);
  }
}
