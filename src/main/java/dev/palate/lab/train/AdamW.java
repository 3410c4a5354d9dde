package dev.palate.lab.train;

/**
 * AdamW (Loshchilov and Hutter, 2019) on plain arrays. The parameters are few (some 60,000
 * numbers), so that Java's own loop costs nothing next to the step, and the optimizer owns no
 * native memory.
 */
public final class AdamW {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final float[][] first;
  private final float[][] second;
  private final double[] decay;
  private int step;

  /**
   * All that the optimizer remembers between steps.
   *
   * @param first moving means of the gradients, shaped as the tensors
   * @param second the same of their squares
   * @param step how many were taken
   */
  record State(float[][] first, float[][] second, int step) {}

  /**
   * @param decay decoupled weight decay of each tensor
   */
  public AdamW(float[][] tensors, double[] decay) {
    this.decay = decay;
    first = new float[tensors.length][];
    second = new float[tensors.length][];
    for (int i = 0; i < tensors.length; i++) {
      first[i] = new float[tensors[i].length];
      second[i] = new float[tensors[i].length];
    }
  }

  /** Goes on where another one was. */
  AdamW(State state, double[] decay) {
    this.decay = decay;
    first = copy(state.first());
    second = copy(state.second());
    step = state.step();
  }

  /** A copy, which later steps leave alone. */
  State state() {
    return new State(copy(first), copy(second), step);
  }

  private static float[][] copy(float[][] tensors) {
    float[][] copies = new float[tensors.length][];
    for (int i = 0; i < tensors.length; i++) {
      copies[i] = tensors[i].clone();
    }
    return copies;
  }

  /** Moves the tensors one step against the gradients, each at its own rate. */
  public void step(float[][] tensors, float[][] gradients, double[] rates) {
    step++;
    double correction1 = 1 - Math.pow(BETA1, step);
    double correction2 = 1 - Math.pow(BETA2, step);
    for (int i = 0; i < tensors.length; i++) {
      float[] values = tensors[i];
      for (int j = 0; j < values.length; j++) {
        double g = gradients[i][j];
        double m = BETA1 * first[i][j] + (1 - BETA1) * g;
        double v = BETA2 * second[i][j] + (1 - BETA2) * g * g;
        first[i][j] = (float) m;
        second[i][j] = (float) v;
        double direction = m / correction1 / (Math.sqrt(v / correction2) + EPSILON);
        values[j] = (float) (values[j] - rates[i] * (direction + decay[i] * values[j]));
      }
    }
  }
}
