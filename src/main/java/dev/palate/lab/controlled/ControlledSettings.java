package dev.palate.lab.controlled;

import dev.palate.lab.train.TrainingSettings;
import java.util.List;

/**
 * The size of the controlled study.
 *
 * @param groups hidden groups
 * @param dimension d of the made-up embeddings
 * @param labelNoise share of wrong labels
 * @param spread of prompts around their group's centre
 * @param trainPairs pairs that a model is trained on
 * @param validationPairs for early stopping and calibration
 * @param testPairs fresh pairs that every figure is measured on
 * @param concentration of the Dirichlet distribution of users' mixtures; below 1 a user favours few
 * @param expertCounts the K that are tried beside the one of {@code training}
 * @param training how models are trained, K included
 */
public record ControlledSettings(
    int groups,
    int dimension,
    double labelNoise,
    double spread,
    int trainPairs,
    int validationPairs,
    int testPairs,
    double concentration,
    List<Integer> expertCounts,
    TrainingSettings training) {

  /** The study of MODEL.md: 6 groups, 10 % label noise, 20,000 pairs, K = 8. */
  public static final ControlledSettings DEFAULT =
      new ControlledSettings(
          6,
          64,
          0.1,
          1,
          20_000,
          2_000,
          5_000,
          0.5,
          List.of(4, 6, 8, 12, 16),
          new TrainingSettings(8, 64, 10, 1000, 1e-2, 3e-3, 1, 0.3, 0.05, 1e-4, 1000, 1));

  public ControlledSettings {
    require(groups >= 2, "'groups' must be at least 2");
    require(dimension > groups, "'dimension' must be larger than 'groups'");
    require(labelNoise >= 0 && labelNoise < 0.5, "'labelNoise' must be in [0, 0.5)");
    require(spread >= 0, "'spread' must not be negative");
    require(trainPairs >= 4000, "'trainPairs' must be at least 4000, for 20 validation users");
    require(validationPairs >= 100, "'validationPairs' must be at least 100");
    require(testPairs >= 250, "'testPairs' must be at least 250");
    require(concentration > 0, "'concentration' must be positive");
    require(training.experts() >= groups, "'training' must have an expert for each group");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
