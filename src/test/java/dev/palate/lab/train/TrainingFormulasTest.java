package dev.palate.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.bundle.Head;
import dev.palate.core.model.Prompt;
import dev.palate.lab.data.PairWeights;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.Encodings;
import dev.palate.lab.encode.PairScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingFormulasTest {

  @Test
  void calibrationFindsTheScaleAndNoiseThatMadeTheLabels() {
    Random random = new Random(5);
    double[] margins = new double[40_000];
    for (int i = 0; i < margins.length; i++) {
      double margin = 2 * random.nextGaussian();
      double probability = 0.1 + 0.8 / (1 + Math.exp(-3 * margin));
      margins[i] = random.nextDouble() < probability ? margin : -margin;
    }
    Calibration found = Calibration.fit(margins, ones(margins.length));
    assertThat(found.labelNoise()).isEqualTo(0.1);
    assertThat(found.scale()).isCloseTo(3, within(0.25));
  }

  @Test
  void calibrationIsTheBestOfAFineGridOfScales() {
    Random random = new Random(6);
    double[] margins = random.doubles(500, -1, 2).toArray();
    double best = Double.POSITIVE_INFINITY;
    for (double log = -4; log < 4; log += 0.001) {
      best = Math.min(best, Calibration.logLoss(margins, ones(500), Math.exp(log), 0));
    }
    assertThat(Calibration.fitScale(margins, ones(500), 0).logLoss()).isCloseTo(best, within(1e-7));
  }

  @Test
  void adamWTakesTheStepsOfItsPaper() {
    float[][] tensors = {{1f}};
    AdamW adam = new AdamW(tensors, new double[] {0.1});
    double x = 1;
    double m = 0;
    double v = 0;
    for (int t = 1; t <= 5; t++) {
      double gradient = Math.cos(t);
      adam.step(tensors, new float[][] {{(float) gradient}}, new double[] {0.01});
      m = 0.9 * m + 0.1 * gradient;
      v = 0.999 * v + 0.001 * gradient * gradient;
      double corrected = m / (1 - Math.pow(0.9, t));
      x -= 0.01 * (corrected / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8) + 0.1 * x);
    }
    assertThat((double) tensors[0][0]).isCloseTo(x, within(1e-6));
  }

  @Test
  void aWriterOfManyPairsWeighsNoMoreThanTheCap() {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      pairs.add(pair("a", "prolific", i));
    }
    for (int i = 0; i < 10; i++) {
      pairs.add(pair("a", "modest", i));
    }
    double[] weights = PairWeights.of(pairs, 20);
    double prolific = Arrays.stream(weights, 0, 1000).sum();
    double modest = Arrays.stream(weights, 1000, 1010).sum();
    assertThat(prolific / modest).isCloseTo(2, within(1e-9));
  }

  @Test
  void aDataSetWeighsAsTheSquareRootOfItsUsers() {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      pairs.add(pair("large", "u" + i, i));
    }
    for (int i = 0; i < 4; i++) {
      pairs.add(pair("small", "u" + i, i));
    }
    double[] weights = PairWeights.of(pairs, 20);
    double large = Arrays.stream(weights, 0, 100).sum();
    double small = Arrays.stream(weights, 100, 104).sum();
    assertThat(large / small).isCloseTo(5, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7})
  void theFoldedHeadSaysOfRawEmbeddingsWhatTheParametersSayOfStandardizedOnes(int features) {
    EncodedPairs pairs = HiddenGroups.draw(3, 50, 6, 1).pairs();
    Standardization prompts = Standardization.of(pairs.encodings(), pairs.prompts());
    Standardization responses =
        Standardization.of(pairs.encodings(), pairs.chosen(), pairs.rejected());
    HeadParameters parameters = HeadParameters.random(6, 5, features, 0, 4, 2);
    Standardization none = new Standardization(new float[6], floats(6));
    Head unfolded = parameters.fold(none, none);
    PairScores folded = PairScores.of(parameters.fold(prompts, responses), pairs);
    var batch =
        new Batches.Batch(50, 6, 0, 4)
            .fill(
                new Batches(ones(50), 50, 1), new StandardizedPairs(pairs, prompts, responses), 0);
    float[][] rows = new float[150][];
    for (int i = 0; i < 50; i++) {
      rows[i] = Arrays.copyOfRange(batch.prompts(), 6 * i, 6 * i + 6);
      rows[50 + i] = Arrays.copyOfRange(batch.chosen(), 6 * i, 6 * i + 6);
      rows[100 + i] = Arrays.copyOfRange(batch.rejected(), 6 * i, 6 * i + 6);
    }
    PairScores standardized =
        PairScores.of(
            unfolded,
            new EncodedPairs(Encodings.of(rows), pairs.pairs(), from(0), from(50), from(100)));
    for (int i = 0; i < 50; i++) {
      assertThat(folded.routing()[i]).containsExactly(standardized.routing()[i], close());
      assertThat(folded.margins()[i]).containsExactly(standardized.margins()[i], close());
    }
  }

  private static int[] from(int first) {
    return IntStream.range(first, first + 50).toArray();
  }

  @Test
  void aCoordinateThatNeverVariedDoesNotShoutWhenItDoes() {
    float[][] rows = {{1, 0.3f}, {2, 0.3f}, {4, 0.3f}};
    Standardization found = Standardization.of(Encodings.of(rows), new int[] {0, 1, 2});
    assertThat(found.deviation()[0]).isCloseTo(1.2472f, within(1e-4f));
    assertThat(found.deviation()[1]).isEqualTo(1);
  }

  private static org.assertj.core.data.Offset<Float> close() {
    return within(1e-4f);
  }

  private static PreferencePair pair(String dataset, String user, int i) {
    return new PreferencePair(
        dataset, "p" + i, user, "", new Prompt("p"), "a" + i, "b" + i, 1, null, null);
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static float[] floats(int n) {
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    return ones;
  }
}
