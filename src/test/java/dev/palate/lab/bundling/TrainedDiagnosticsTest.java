package dev.palate.lab.bundling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.bundle.BundleDiagnostics;
import dev.palate.core.bundle.BundleDiagnostics.Bin;
import dev.palate.core.bundle.BundleDiagnostics.Calibration;
import dev.palate.core.bundle.BundleDiagnostics.Domain;
import dev.palate.core.bundle.BundleDiagnostics.Epoch;
import dev.palate.core.bundle.BundleDiagnostics.LearningCurve;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.Head;
import dev.palate.core.runtime.RewardModels;
import dev.palate.core.taste.Likelihood;
import dev.palate.lab.data.DataException;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.MadePairs;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.finetune.EncoderFineTuning;
import dev.palate.lab.finetune.FineTuning;
import dev.palate.lab.train.SeedRuns;
import dev.palate.lab.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Numbers small enough to be counted by hand: 20 validation pairs of tea, of which the first expert
 * alone has 15 right, and 20 test pairs of ships, of which the second has all.
 */
class TrainedDiagnosticsTest {

  private static final Head NO_HEAD =
      new Head(
          new float[0][0],
          new float[0],
          new float[0][0],
          new float[0],
          new float[0][0],
          new float[0],
          new float[0][0]);

  private final List<PreferencePair> pairs = new ArrayList<>();
  private final List<Split> splits = new ArrayList<>();
  private final List<float[]> routing = new ArrayList<>();
  private final List<float[]> margins = new ArrayList<>();

  private void add(int n, Split split, String context, float[] weights, float[] margin) {
    for (int i = 0; i < n; i++) {
      pairs.add(MadePairs.pair(pairs.size(), context, "yes", "no"));
      splits.add(split);
      routing.add(weights);
      margins.add(margin);
    }
  }

  private void addTea() {
    add(15, Split.VALIDATION, "tea", new float[] {0.75f, 0.25f}, new float[] {1, -1});
    add(5, Split.VALIDATION, "tea", new float[] {0.75f, 0.25f}, new float[] {-1, 1});
  }

  private void addShips() {
    add(20, Split.TEST, "ships", new float[] {0.25f, 0.75f}, new float[] {0, 1});
  }

  private BundleDiagnostics diagnostics() {
    TrainingData data =
        new TrainingData(
            List.of(new DataFile("made", Path.of("made.jsonl"), "")),
            pairs,
            splits,
            List.of(),
            List.of());
    PairScores scores =
        new PairScores(margins.toArray(float[][]::new), routing.toArray(float[][]::new));
    return new TrainedDiagnostics(data, scores, new Likelihood(1, 0, 1))
        .of(TrainedDiagnostics.learning(seeds(), null));
  }

  private static SeedRuns seeds() {
    List<Trainer.Epoch> first =
        List.of(new Trainer.Epoch(1, 0.8, 0.7, 0.5), new Trainer.Epoch(2, 0.71239, 0.6, 0.625));
    List<Trainer.Epoch> second =
        List.of(new Trainer.Epoch(1, 0.6, 0.5, 0.75), new Trainer.Epoch(2, 0.4, 0.55, 0.7));
    TreeMap<Long, Trainer.Trained> runs = new TreeMap<>();
    runs.put(1L, new Trainer.Trained(NO_HEAD, first.get(1), first));
    runs.put(2L, new Trainer.Trained(NO_HEAD, second.get(0), second));
    return new SeedRuns(runs);
  }

  @Test
  void theRoutingMapAndTheAccuracyOfEachExpertAloneAreOfHeldOutPairs() {
    add(40, Split.TRAIN, "tea", new float[] {0, 1}, new float[] {-1, -1});
    addShips();
    addTea();
    assertThat(diagnostics().domains())
        .as("the domain that the first expert leads stands first")
        .containsExactly(
            new Domain("Tea", 20, List.of(0.75, 0.25), List.of(0.75, 0.25)),
            new Domain("Ships", 20, List.of(0.25, 0.75), List.of(0.5, 1.0)));
    assertThat(diagnostics().selectivity())
        .as("best less the mean of the others: .75 - .5 and 1 - .25")
        .containsExactly(0.25, 0.75);
  }

  @Test
  void withOneDomainThereIsNoSelectivity() {
    addTea();
    assertThat(diagnostics().domains()).hasSize(1);
    assertThat(diagnostics().selectivity()).isEmpty();
  }

  @Test
  void fewPairsOfAContextAreTheirDataSets() {
    addTea();
    add(19, Split.TEST, "ships", new float[] {0.25f, 0.75f}, new float[] {0, 1});
    assertThat(diagnostics().domains()).extracting(Domain::name).containsExactly("Tea", "Made");
  }

  @Test
  void calibrationIsOfEachSplitAsServed() {
    addTea();
    addShips();
    // served with the first expert of its router: all sure by sigmoid(1) = .7311
    assertThat(diagnostics().calibration())
        .containsExactly(
            new Calibration(
                "made", "validation", 20, 0.0189, List.of(new Bin(0.7, 0.75, 1, 0.7311, 0.75))),
            new Calibration("made", "test", 20, 0.2689, List.of(new Bin(0.7, 0.75, 1, 0.7311, 1))));
  }

  @Test
  void everySeedHasItsCurveAndTheBestOneIsKept() {
    addTea();
    assertThat(diagnostics().learning())
        .containsExactly(
            new LearningCurve(
                "head",
                1,
                false,
                2,
                List.of(new Epoch(1, 0.8, 0.7, 0.5), new Epoch(2, 0.7124, 0.6, 0.625))),
            new LearningCurve(
                "head",
                2,
                true,
                1,
                List.of(new Epoch(1, 0.6, 0.5, 0.75), new Epoch(2, 0.4, 0.55, 0.7))));
  }

  @Test
  void fineTuningIsTheLastCurveAndBeginsWithTheFrozenModelThatHasNoObjective() {
    Trainer.Epoch frozen = new Trainer.Epoch(0, Double.NaN, 0.5, 0.75);
    Trainer.Epoch worse = new Trainer.Epoch(1, 0.4, 0.6, 0.7);
    FineTuning.Outcome outcome =
        new FineTuning.Outcome(
            RewardModels.defaultEncoder(EncoderSpec.ResponseInput.RESPONSE),
            new EncoderFineTuning.Settings(1, 16, 1e-5, 7),
            List.of(frozen, worse),
            frozen,
            null);
    assertThat(TrainedDiagnostics.learning(seeds(), outcome))
        .hasSize(3)
        .last()
        .isEqualTo(
            new LearningCurve(
                "fine_tuning",
                7,
                false,
                0,
                List.of(new Epoch(0, null, 0.5, 0.75), new Epoch(1, 0.4, 0.6, 0.7))));
  }

  @Test
  void withoutAHeldOutPairNothingCanBeMeasured() {
    add(20, Split.TRAIN, "tea", new float[] {0.75f, 0.25f}, new float[] {1, -1});

    assertThatThrownBy(this::diagnostics)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("held out");
  }
}
