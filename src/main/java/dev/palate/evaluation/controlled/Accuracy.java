package dev.palate.evaluation.controlled;

/** Share of pairs whose chosen response got the higher reward. */
final class Accuracy {

  private Accuracy() {}

  /** A tie is half right. */
  static double of(double[] margins) {
    double right = 0;
    for (double margin : margins) {
      right += margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
    }
    return right / margins.length;
  }
}
