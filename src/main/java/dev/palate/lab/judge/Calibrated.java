package dev.palate.evaluation;

import dev.palate.taste.Likelihood;

/** A rule and how its margins become probabilities. */
record Calibrated(Rule rule, Likelihood likelihood) {

  /** A tie is half right. */
  static double right(double margin) {
    return margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
  }

  double logLoss(double margin) {
    return -likelihood.logProbability(margin);
  }
}
