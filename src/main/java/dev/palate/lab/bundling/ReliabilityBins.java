package dev.palate.lab.bundling;

import dev.palate.core.bundle.BundleDiagnostics;
import java.util.ArrayList;
import java.util.List;

/**
 * Confidence against accuracy in ten bins of the more likely response's probability, 0.5 to 1. The
 * expected calibration error is the bins' mean distance of the two, weighted by what they hold.
 */
public final class ReliabilityBins {

  private static final int BINS = 10;
  private static final int HELD = 0;
  private static final int CONFIDENCE = 1;
  private static final int RIGHT = 2;

  private final double[][] sums = new double[BINS][3];

  /**
   * @param share how much this pair counts
   * @param probability that the chosen response is preferred; one half is half right
   */
  public void add(double share, double probability) {
    double confidence = Math.max(probability, 1 - probability);
    double[] bin = sums[Math.min(BINS - 1, (int) ((confidence - 0.5) * 2 * BINS))];
    bin[HELD] += share;
    bin[CONFIDENCE] += share * confidence;
    bin[RIGHT] += share * Quality.right(probability - 0.5);
  }

  /** Takes in all that another one holds. */
  public void add(ReliabilityBins other) {
    for (int b = 0; b < BINS; b++) {
      for (int i = 0; i < sums[b].length; i++) {
        sums[b][i] += other.sums[b][i];
      }
    }
  }

  /** The expected calibration error; NaN where nothing was added. */
  public double error() {
    double error = 0;
    for (double[] bin : sums) {
      error += Math.abs(bin[CONFIDENCE] - bin[RIGHT]);
    }
    return error / held();
  }

  /** The bins that hold anything, least confident first. */
  public List<BundleDiagnostics.Bin> bins() {
    double held = held();
    List<BundleDiagnostics.Bin> bins = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      double[] bin = sums[b];
      if (bin[HELD] > 0) {
        bins.add(
            new BundleDiagnostics.Bin(
                0.5 + 0.5 * b / BINS,
                0.5 + 0.5 * (b + 1) / BINS,
                bin[HELD] / held,
                bin[CONFIDENCE] / bin[HELD],
                bin[RIGHT] / bin[HELD]));
      }
    }
    return bins;
  }

  private double held() {
    double held = 0;
    for (double[] bin : sums) {
      held += bin[HELD];
    }
    return held;
  }
}
