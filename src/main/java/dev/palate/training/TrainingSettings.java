package dev.palate.training;

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
 * @param userCap a user with more training pairs than this weighs as much as one with this many
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
    int userCap,
    long seed) {

  /** MODEL.md's defaults, K = 16. */
  public static final TrainingSettings DEFAULT =
      new TrainingSettings(16, 128, 12, 512, 2e-3, 1e-3, 1, 0.3, 0.05, 1e-4, 50, 1);

  public TrainingSettings {
    require(experts >= 2, "'experts' must be at least 2");
    require(hidden >= 1, "'hidden' must be positive");
    require(epochs >= 1, "'epochs' must be positive");
    require(batch >= 2, "'batch' must be at least 2");
    require(userCap >= 1, "'userCap' must be positive");
  }

  TrainingSettings withExperts(int k) {
    return new TrainingSettings(
        k,
        hidden,
        epochs,
        batch,
        expertRate,
        routerRate,
        localSparsity,
        globalBalance,
        diversity,
        l2,
        userCap,
        seed);
  }

  TrainingSettings withEpochs(int n) {
    return new TrainingSettings(
        experts,
        hidden,
        n,
        batch,
        expertRate,
        routerRate,
        localSparsity,
        globalBalance,
        diversity,
        l2,
        userCap,
        seed);
  }

  TrainingSettings withSeed(long other) {
    return new TrainingSettings(
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
        userCap,
        other);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
