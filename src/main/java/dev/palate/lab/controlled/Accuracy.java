package dev.palate.lab.controlled;

/** Share of pairs whose chosen response got the higher reward. */
final class Accuracy {

  private Accuracy() {}

  static double of(double[] margins) {
    double right = 0;
    for (double margin : margins) {
      right += right(margin);
    }
    return right / margins.length;
  }

  /** A tie is half right. */
  static double right(double margin) {
    return margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
  }
}
