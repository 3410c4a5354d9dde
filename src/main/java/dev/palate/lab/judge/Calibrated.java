package dev.palate.lab.judge;

import dev.palate.core.taste.Likelihood;

/** A rule and how its margins become probabilities. */
public record Calibrated(Rule rule, Likelihood likelihood) {

  /** A tie is half right. */
  public static double right(double margin) {
    return margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
  }

  public double logLoss(double margin) {
    return -likelihood.logProbability(margin);
  }
}
