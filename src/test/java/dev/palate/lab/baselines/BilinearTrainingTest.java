package dev.palate.lab.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.lab.baselines.BilinearTraining.Coefficients;
import dev.palate.lab.data.Split;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.judge.Judge;
import dev.palate.lab.judge.LinearRule;
import dev.palate.lab.judge.MadeData;
import dev.palate.lab.judge.Material;
import dev.palate.lab.train.Batches;
import dev.palate.lab.train.Standardization;
import dev.palate.lab.train.StandardizedPairs;
import dev.palate.lab.train.TrainingSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BilinearTrainingTest {

  private static final int D = MadeData.DIMENSION;
  private static final int K = 3;

  /** Small batches and quick steps for little data. */
  private static final TrainingSettings SETTINGS =
      new TrainingSettings(2, 4, 30, 32, 2e-2, 1e-3, 0, 0, 0, 1e-4, 1000, 1);

  private final Material material = MadeData.material(40, 20, 1);

  @ParameterizedTest
  @EnumSource(Coefficients.class)
  void gradientsAgreeWithFiniteDifferencesOfTheLoss(Coefficients kind) {
    EncodedPairs pairs = material.encoded(Split.TRAIN).at(new int[] {0, 1, 2, 25, 26, 50});
    Standardization none = new Standardization(new float[D], filled(D));
    Batches batches = new Batches(new double[] {1, 2, 1, 1, 0.5, 1}, 6, 1);
    StandardizedPairs standardized = new StandardizedPairs(pairs, none, none);
    int[] users = {0, 0, 0, 1, 1, 2};
    var step =
        new BilinearTraining(kind, K, TrainingSettings.DEFAULT).new Step(standardized, 6, D, users);
    float[][] tensors = {random(K * D, 1), random(K * 3, 2)};
    step.gradients(batches, 0, tensors);
    float[][] gradients = {step.gradients()[0].clone(), step.gradients()[1].clone()};
    for (int t = 0; t < 2; t++) {
      for (int j = 0; j < tensors[t].length; j++) {
        float at = tensors[t][j];
        float h = 1e-2f;
        tensors[t][j] = at + h;
        double up = step.gradients(batches, 0, tensors);
        tensors[t][j] = at - h;
        double down = step.gradients(batches, 0, tensors);
        tensors[t][j] = at;
        assertThat((double) gradients[t][j])
            .as("%s, tensor %d, number %d", kind, t, j)
            .isCloseTo((up - down) / (2 * h), within(2e-4));
      }
    }
  }

  @Test
  void singleHeadLearnsWhatAllUsersShareAndNothingElse() {
    float[] head = new BilinearTraining(Coefficients.NONE, 1, SETTINGS).fit(material).heads()[0];
    assertThat(head[1]).isPositive();
    for (int other : new int[] {0, 2, 3}) {
      assertThat(Math.abs(head[other])).isLessThan(head[1] / 2);
    }
  }

  @Test
  void signedCoefficientsTellUsersApartWhoWantTheOpposite() {
    var basis = new BilinearTraining(Coefficients.SIGNED, 2, SETTINGS).fit(material);
    LinearRule rule =
        new LinearRule(
            "features", material.margins(basis.heads()), new FeatureWeights(basis.mean(), 1));
    Judge judge = new Judge(3, 1);
    var users =
        Judge.eligible(
            Judge.unseen(material.data(), Split.TEST).getOrDefault("made", List.of()), 10);
    double gain =
        judge.outcomes(material.calibrated(rule), users, 10).stream()
            .mapToDouble(o -> o.adapted() - o.unadapted())
            .average()
            .orElseThrow();
    assertThat(gain).isGreaterThan(0.05);
  }

  private static float[] random(int n, long seed) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] filled(int n) {
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    return ones;
  }
}
