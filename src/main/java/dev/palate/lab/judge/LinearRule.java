package dev.palate.lab.judge;

/** A margin that is a weighted sum of heads' margins, the weights depending on the labels alone. */
public final class LinearRule implements Rule {

  private final String name;
  private final float[][] margins;
  private final Weights weights;
  private final double[] start;

  /** From labels to the weights of the heads. */
  @FunctionalInterface
  public interface Weights {

    /**
     * @param labels {@code float[n][k]}: the heads' margins of the pairs shown
     * @return {@code double[k]}
     */
    double[] of(float[][] labels);
  }

  /**
   * @param margins {@code float[n][k]}; rows of pairs that are never asked about may be empty
   */
  public LinearRule(String name, float[][] margins, Weights weights) {
    this.name = name;
    this.margins = margins;
    this.weights = weights;
    this.start = weights.of(new float[0][]);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean adapts() {
    return true;
  }

  @Override
  public double unadapted(int pair) {
    return dot(start, margins[pair]);
  }

  @Override
  public Adapted adapt(int[] shown) {
    float[][] labels = new float[shown.length][];
    for (int i = 0; i < shown.length; i++) {
      labels[i] = margins[shown[i]];
    }
    double[] solved = weights.of(labels);
    return pair -> dot(solved, margins[pair]);
  }

  public static double dot(double[] weights, float[] margins) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * margins[k];
    }
    return sum;
  }
}
