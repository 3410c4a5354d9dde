package dev.palate.core.bundle;

import dev.palate.core.runtime.RewardModels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Bundles of random heads on the real encoder, for tests that need a model and not its quality. */
public final class TestBundles {

  private static final int DIMENSION =
      RewardModels.defaultEncoder(EncoderSpec.ResponseInput.RESPONSE).dimension();
  private static final int HIDDEN = 8;

  private TestBundles() {}

  /** The same model but for these, and without what was measured of it. */
  public static Bundle with(Bundle bundle, String version, double scale) {
    return new Bundle(
        bundle.name(),
        version,
        bundle.encoder(),
        bundle.head(),
        bundle.shared(),
        bundle.pair(),
        scale,
        bundle.labelNoise(),
        bundle.topM(),
        bundle.prior(),
        bundle.meanRouting(),
        bundle.experts(),
        bundle.data(),
        bundle.metrics(),
        null,
        List.of(),
        List.of());
  }

  /** The same bundle under another name. */
  public static Bundle named(Bundle bundle, String name) {
    return new Bundle(
        name,
        bundle.version(),
        bundle.encoder(),
        bundle.head(),
        bundle.shared(),
        bundle.pair(),
        bundle.scale(),
        bundle.labelNoise(),
        bundle.topM(),
        bundle.prior(),
        bundle.meanRouting(),
        bundle.experts(),
        bundle.data(),
        bundle.metrics(),
        bundle.diagnostics(),
        bundle.examplePairs(),
        bundle.warnings());
  }

  /** Writes a bundle with K random experts and returns its directory. */
  public static Path randomBundle(Path dir, int k, long seed) {
    return randomBundle(dir, k, 0, seed, EncoderSpec.ResponseInput.RESPONSE);
  }

  /** The same with random features that the experts read beside the embedding. */
  public static Path randomBundle(Path dir, int k, int features, long seed) {
    return randomBundle(dir, k, features, seed, EncoderSpec.ResponseInput.RESPONSE);
  }

  public static Path randomBundle(
      Path dir, int k, long seed, EncoderSpec.ResponseInput responseInput) {
    return randomBundle(dir, k, 0, seed, responseInput);
  }

  private static Path randomBundle(
      Path dir, int k, int features, long seed, EncoderSpec.ResponseInput responseInput) {
    Random random = new Random(seed);
    double[][] covariance = new double[k][k];
    double[] meanRouting = new double[k];
    List<ExpertCard> cards = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      covariance[i][i] = 1;
      meanRouting[i] = 1.0 / k;
      cards.add(
          new ExpertCard(i, "expert " + i, "A random expert.", 1.0 / k, List.of(), List.of()));
    }
    Head head =
        new Head(
            matrix(random, HIDDEN, DIMENSION),
            new float[HIDDEN],
            matrix(random, k, HIDDEN),
            new float[k],
            matrix(random, features, DIMENSION),
            new float[features],
            matrix(random, k, DIMENSION + features));
    Bundles.write(
        dir,
        new Bundle(
            "random",
            "",
            RewardModels.defaultEncoder(responseInput),
            head,
            1,
            0.05,
            2,
            new UserPrior(new double[k], covariance),
            meanRouting,
            cards,
            List.of(),
            Map.of()));
    return dir;
  }

  public static float[][] matrix(Random random, int rows, int columns) {
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int j = 0; j < columns; j++) {
        row[j] = (float) random.nextGaussian();
      }
    }
    return matrix;
  }
}
