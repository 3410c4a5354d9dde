package dev.palate.evaluation;

import java.util.ArrayList;
import java.util.List;

/**
 * Confidence against accuracy in ten bins of the more likely response's probability, 0.5 to 1. The
 * expected calibration error is the bins' mean distance of the two, weighted by what they hold.
 */
final class ReliabilityCurve {

  private static final int BINS = 10;
  private static final int HELD = 0;
  private static final int CONFIDENCE = 1;
  private static final int RIGHT = 2;

  private final double[][][] sums;

  /**
   * @param low the bin's least confidence
   * @param share of all that was asked
   * @param confidence mean probability of the response held more likely
   * @param accuracy how often it was the chosen one
   */
  record Bin(double low, double high, double share, double confidence, double accuracy) {}

  /**
   * @param units users or prompts
   */
  ReliabilityCurve(int units) {
    sums = new double[units][BINS][3];
  }

  /**
   * @param share how much this pair counts
   * @param probability that the chosen response is preferred
   */
  void add(int unit, double share, double probability) {
    double confidence = Math.max(probability, 1 - probability);
    int bin = Math.min(BINS - 1, (int) ((confidence - 0.5) * 2 * BINS));
    sums[unit][bin][HELD] += share;
    sums[unit][bin][CONFIDENCE] += share * confidence;
    sums[unit][bin][RIGHT] += share * Calibrated.right(probability - 0.5);
  }

  Figure error(Bootstrap bootstrap) {
    return bootstrap.of(
        sums.length,
        units -> {
          double[][] total = total(units);
          double held = 0;
          double error = 0;
          for (double[] bin : total) {
            held += bin[HELD];
            error += Math.abs(bin[CONFIDENCE] - bin[RIGHT]);
          }
          return error / held;
        });
  }

  /** Those that hold anything. */
  List<Bin> bins() {
    int[] all = new int[sums.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    double[][] total = total(all);
    double held = 0;
    for (double[] bin : total) {
      held += bin[HELD];
    }
    List<Bin> bins = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      double[] bin = total[b];
      if (bin[HELD] > 0) {
        bins.add(
            new Bin(
                0.5 + 0.5 * b / BINS,
                0.5 + 0.5 * (b + 1) / BINS,
                bin[HELD] / held,
                bin[CONFIDENCE] / bin[HELD],
                bin[RIGHT] / bin[HELD]));
      }
    }
    return bins;
  }

  private double[][] total(int[] units) {
    double[][] total = new double[BINS][3];
    for (int unit : units) {
      for (int b = 0; b < BINS; b++) {
        for (int i = 0; i < 3; i++) {
          total[b][i] += sums[unit][b][i];
        }
      }
    }
    return total;
  }
}
