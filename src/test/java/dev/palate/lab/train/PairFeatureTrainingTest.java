package dev.palate.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.bundle.Head;
import dev.palate.core.model.Prompt;
import dev.palate.core.traits.PairFeatures;
import dev.palate.core.traits.PairTraits;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.Encodings;
import dev.palate.lab.encode.PairScores;
import dev.palate.tier.NeedsEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

@NeedsEngine
class PairFeatureTrainingTest {

  private static final int PAIRS = 80;
  private static final int D = 6;
  private static final int EXPERTS = 3;

  private final Random random = new Random(5);
  private final List<PreferencePair> texts = new ArrayList<>();
  private final TrainingData data = data();
  private final EncodedPairs pairs =
      new EncodedPairs(Encodings.of(matrix(3 * PAIRS, D)), texts, rows(0), rows(1), rows(2));
  private final PairFeatureTraining training =
      PairFeatureTraining.of(data, pairs, List.of(), List.of());

  private TrainingData data() {
    List<Split> splits = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      texts.add(
          new PreferencePair(
              "made up",
              "p" + i,
              null,
              "",
              new Prompt("What is number " + i + " good for?"),
              "It is good for counting, and then for %d other things.".formatted(i),
              i % 2 == 0 ? "No idea." : "things other for and counting it",
              1,
              null,
              null));
      splits.add(i % 5 == 0 ? Split.VALIDATION : Split.TRAIN);
    }
    return new TrainingData(
        List.of(new DataFile("made up", Path.of("x"), "")), texts, splits, List.of(), List.of());
  }

  private float[][] matrix(int rows, int columns) {
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int j = 0; j < columns; j++) {
        row[j] = (float) random.nextGaussian();
      }
    }
    return matrix;
  }

  private static int[] rows(int part) {
    int[] rows = new int[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      rows[i] = 3 * i + part;
    }
    return rows;
  }

  private Head wide() {
    return new Head(
        matrix(4, D),
        new float[4],
        matrix(EXPERTS, 4),
        new float[EXPERTS],
        matrix(2, D),
        new float[2],
        matrix(EXPERTS, D + 2 + PairTraits.NAMES.size()));
  }

  /** What the trainer scores by is what a bundle serves by. */
  @Test
  void takenApartHeadAndFeaturesScoreAsTogether() {
    Head wide = wide();
    PairScores together = PairScores.of(wide, training.with(pairs));
    PairScores apart =
        PairScores.of(training.head(wide), pairs)
            .withPair(training.features(wide), List.of(), texts, null);
    for (int i = 0; i < PAIRS; i++) {
      assertThat(apart.margins()[i]).containsExactly(together.margins()[i], within(2e-4f));
    }
    assertThat(training.head(wide).experts()[0]).hasSize(D + 2);
  }

  @Test
  void featuresAreStandardizedByTheTrainingPairsAndBounded() {
    PairFeatures features = training.features(wide());
    assertThat(features.names()).isEqualTo(PairTraits.NAMES);
    int nonAnswer = PairTraits.NAMES.indexOf("non_answer");
    assertThat(features.deviation()[nonAnswer]).isPositive();
    // nobody asks for a table: the trait never varies and says nothing
    assertThat(features.deviation()[PairTraits.NAMES.indexOf("table_asked")]).isZero();
    float[][] differences = Objects.requireNonNull(training.with(pairs).pairDifferences());
    for (float[] difference : differences) {
      for (float value : difference) {
        assertThat(Math.abs(value)).isLessThanOrEqualTo(24.01f);
      }
    }
  }

  /** The trainer finds what the features say. */
  @Test
  void trainedOnThemTheExpertsTellAnAnswerFromNone() {
    EncodedPairs read = training.with(pairs);
    TrainingSettings settings = TrainingSettings.DEFAULT.withExperts(2);
    Trainer.Trained trained =
        new Trainer(settings, 2, null, training.start())
            .train(
                read.at(data.indices(Split.TRAIN)),
                read.at(data.indices(Split.VALIDATION)),
                epoch -> {});
    double[] margins =
        PairScores.of(trained.head(), read.at(data.indices(Split.VALIDATION))).margins(2);
    assertThat(Trainer.accuracy(margins, ones(margins.length))).isGreaterThan(.9);
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }
}
