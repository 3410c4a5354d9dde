package dev.palate.lab.train;

/**
 * How a head is trained (MODEL.md, Training on binary pairs).
 *
 * @param experts K
 * @param hidden width of the router's hidden layer
 * @param epochs passes over the training pairs
 * @param batch pairs in a step
 * @param expertRate AdamW's peak learning rate for V
 * @param routerRate the same for the router
 * @param localSparsity l_loc, reached by a linear ramp from 10 % to 50 % of the steps
 * @param globalBalance l_glob
 * @param diversity l_div
 * @param l2 on V
 * @param expertDecay AdamW's decoupled weight decay of V
 * @param personal the part of the loss taken with the training users' shifts, in [0, 1); 0: none
 * @param shiftPenalty l_shift
 * @param userCap a user with more training pairs than this weighs as much as one with this many
 * @param features what the experts read beside the embedding
 * @param seed decides initialization and the order of the pairs
 */
public record TrainingSettings(
    int experts,
    int hidden,
    int epochs,
    int batch,
    double expertRate,
    double routerRate,
    double localSparsity,
    double globalBalance,
    double diversity,
    double l2,
    double expertDecay,
    double personal,
    double shiftPenalty,
    int userCap,
    FeatureLayer features,
    long seed) {

  /**
   * Learned features of a response, {@code relu(U phi + c)}, shared by all experts.
   *
   * @param width f; 0 for none
   * @param rate AdamW's peak learning rate for U and c
   * @param decay AdamW's decoupled weight decay of U
   */
  public record FeatureLayer(int width, double rate, double decay) {

    /** Experts linear in the embedding. */
    public static final FeatureLayer NONE = new FeatureLayer(0, 0, 0);

    public FeatureLayer {
      require(width >= 0, "'width' must not be negative");
      require(rate >= 0 && decay >= 0, "'rate' and 'decay' must not be negative");
    }
  }

  /** MODEL.md's defaults and what won on validation ({@code docs/model.md}). */
  public static final TrainingSettings DEFAULT =
      new TrainingSettings(
          64,
          128,
          12,
          512,
          2e-3,
          1e-3,
          1,
          0.3,
          0.05,
          1e-2,
          1,
          0.7,
          30,
          50,
          new FeatureLayer(512, 1e-3, 1),
          1);

  public TrainingSettings {
    require(experts >= 2, "'experts' must be at least 2");
    require(hidden >= 1, "'hidden' must be positive");
    require(epochs >= 1, "'epochs' must be positive");
    require(batch >= 2, "'batch' must be at least 2");
    require(personal >= 0 && personal < 1, "'personal' must be in [0, 1)");
    require(expertDecay >= 0, "'expertDecay' must not be negative");
    require(shiftPenalty >= 0, "'shiftPenalty' must not be negative");
    require(userCap >= 1, "'userCap' must be positive");
  }

  /** Without users' shifts and without decay of the experts. */
  public TrainingSettings(
      int experts,
      int hidden,
      int epochs,
      int batch,
      double expertRate,
      double routerRate,
      double localSparsity,
      double globalBalance,
      double diversity,
      double l2,
      int userCap,
      long seed) {
    this(
        experts,
        hidden,
        epochs,
        batch,
        expertRate,
        routerRate,
        localSparsity,
        globalBalance,
        diversity,
        l2,
        0,
        0,
        0,
        userCap,
        FeatureLayer.NONE,
        seed);
  }

  public TrainingSettings withExperts(int k) {
    return with(k, epochs, seed);
  }

  public TrainingSettings withEpochs(int n) {
    return with(experts, n, seed);
  }

  public TrainingSettings withSeed(long other) {
    return with(experts, epochs, other);
  }

  private TrainingSettings with(int newExperts, int newEpochs, long newSeed) {
    return new TrainingSettings(
        newExperts,
        hidden,
        newEpochs,
        batch,
        expertRate,
        routerRate,
        localSparsity,
        globalBalance,
        diversity,
        l2,
        expertDecay,
        personal,
        shiftPenalty,
        userCap,
        features,
        newSeed);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
