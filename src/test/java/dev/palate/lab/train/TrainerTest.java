package dev.palate.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.Prior;
import dev.palate.lab.bundling.AdaptationCheck;
import dev.palate.lab.data.UserChoices;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.PairScores;
import dev.palate.tier.NeedsEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NeedsEngine
class TrainerTest {

  private static final TrainingSettings SETTINGS =
      new TrainingSettings(8, 64, 8, 256, 1e-2, 5e-3, 1, 0.3, 0.05, 1e-4, 1000, 1);

  private static final TrainingSettings.FeatureLayer LEARNED =
      new TrainingSettings.FeatureLayer(8, 1e-3, 0.1);

  private final HiddenGroups train = HiddenGroups.draw(4, 6000, 12, 1);
  private final HiddenGroups validation = HiddenGroups.draw(4, 1000, 12, 2);
  private final HiddenGroups unseen = HiddenGroups.draw(4, 2000, 12, 3);

  @Test
  void findsHiddenGroupsAndJudgesUnseenPairsCloseToTheCeiling() {
    var trained = new Trainer(SETTINGS, 2).train(train.pairs(), validation.pairs(), epoch -> {});
    PairScores scores = PairScores.of(trained.head(), unseen.pairs());
    double[] ones = new double[scores.size()];
    Arrays.fill(ones, 1);
    assertThat(Trainer.accuracy(scores.margins(2), ones)).isGreaterThan(0.84);
    assertThat(unseen.recovery(scores)).isGreaterThan(0.8);
  }

  @Test
  void sameSeedGivesTheSameHeadBitForBit() {
    Trainer trainer = new Trainer(SETTINGS.withEpochs(1), 2);
    var once = trainer.train(train.pairs(), validation.pairs(), epoch -> {});
    var again = trainer.train(train.pairs(), validation.pairs(), epoch -> {});
    assertThat(again.head().experts()).isDeepEqualTo(once.head().experts());
  }

  @Test
  void keepsTheBestEpochAmongThoseAfterTheRamp() {
    List<Trainer.Epoch> epochs = new ArrayList<>();
    var trained = new Trainer(SETTINGS, 2).train(train.pairs(), validation.pairs(), epochs::add);
    double least =
        epochs.subList(3, 8).stream()
            .mapToDouble(Trainer.Epoch::validationLoss)
            .min()
            .orElseThrow();
    assertThat(trained.best().validationLoss()).isEqualTo(least);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6})
  void autogradAgreesWithFiniteDifferencesOfThePlainFormulas(int features) {
    HeadParameters parameters = HeadParameters.random(5, 4, features, 0, 3, 3);
    float[] experts = parameters.tensors()[HeadParameters.V];
    for (int j = 0; j < experts.length; j++) {
      experts[j] *= 10;
    }
    EncodedPairs pairs = HiddenGroups.draw(3, 7, 5, 4).pairs();
    Standardization none = new Standardization(new float[5], filled(5));
    double[] weights = {1, 2, 0.5, 1, 1, 3, 0.25};
    var batch =
        new Batches.Batch(7, 5, 0, 3)
            .fill(new Batches(weights, 7, 1), new StandardizedPairs(pairs, none, none), 0);
    java.util.Random random = new java.util.Random(2);
    for (int i = 0; i < batch.shifts().length; i++) {
      batch.shifts()[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < batch.shares().length; i++) {
      batch.shares()[i] = 1f / (1 + i);
    }
    var strengths = new MoeLoss.Strengths(0.7, 0.3, 0.5, 0.1, 0.4, 2);
    Gradients gradients;
    try (var manager = Engine.getEngine("PyTorch").newBaseManager()) {
      gradients = Gradients.of(manager, parameters, batch, strengths);
    }
    SlowLoss slow = new SlowLoss(batch, strengths, 5, 4, features, 3);
    double[][] point = SlowLoss.doubles(parameters.tensors());
    assertThat(gradients.loss()).isCloseTo(slow.at(point), within(1e-5));
    for (int tensor = 0; tensor < point.length; tensor++) {
      for (int j = 0; j < point[tensor].length; j++) {
        assertThat((double) gradients.tensors()[tensor][j])
            .as("tensor %d, number %d", tensor, j)
            .isCloseTo(slow.slope(point, tensor, j), within(1e-4));
      }
    }
    for (int j = 0; j < batch.shifts().length; j++) {
      assertThat((double) gradients.shifts()[j])
          .as("shift %d", j)
          .isCloseTo(slow.shiftSlope(point, j), within(1e-4));
    }
  }

  @Test
  void aRunCutOffAndTakenUpAgainEndsInTheSameHeadBitForBit(@TempDir Path directory) {
    TrainingSettings joint =
        new TrainingSettings(
            8, 16, 4, 256, 1e-2, 5e-3, 1, 0.3, 0.05, 1e-4, 0.1, 0.5, 1, 1000, LEARNED, 1);
    var whole = new Trainer(joint, 2).train(train.pairs(), validation.pairs(), epoch -> {});
    Trainer resumable = new Trainer(joint, 2, new Checkpoints(directory));
    List<Integer> epochs = new ArrayList<>();
    assertThatThrownBy(() ->
            resumable.train(
                train.pairs(),
                validation.pairs(),
                epoch -> {
                  epochs.add(epoch.epoch());
                  if (epoch.epoch() == 3) {
                    throw new CancellationException("cut off");
                  }
                }))
        .hasMessage("cut off");

    var resumed =
        resumable.train(train.pairs(), validation.pairs(), epoch -> epochs.add(epoch.epoch()));

    // the third epoch was cut off before its checkpoint was written
    assertThat(epochs).containsExactly(1, 2, 3, 3, 4);
    assertThat(resumed.head().experts()).isDeepEqualTo(whole.head().experts());
    assertThat(resumed.head().routerOut()).isDeepEqualTo(whole.head().routerOut());
    assertThat(resumed.best()).isEqualTo(whole.best());
    assertThat(resumed.epochs()).as("its learning curve").isEqualTo(whole.epochs());
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void usersWhoDifferTeachTheExpertsWhereTheyDiffer() {
    TrainingSettings joint =
        new TrainingSettings(
            8,
            64,
            8,
            256,
            1e-2,
            5e-3,
            1,
            0.3,
            0.05,
            1e-4,
            0,
            0.5,
            1,
            1000,
            TrainingSettings.FeatureLayer.NONE,
            1);

    double with = afterTwentyLabels(joint);

    assertThat(with).isGreaterThan(0.75).isGreaterThan(afterTwentyLabels(SETTINGS) + 0.05);
  }

  /** Accuracy on unseen users, who judge half by what all share and half by what divides them. */
  private static double afterTwentyLabels(TrainingSettings settings) {
    HiddenGroups tastes = HiddenGroups.drawTastes(6000, 40, 1);
    HiddenGroups validation = HiddenGroups.drawTastes(1000, 40, 2);
    HiddenGroups unseen = HiddenGroups.drawTastes(2000, 40, 3);
    Trainer trainer = new Trainer(settings, 2);
    var trained = trainer.train(tastes.pairs(), validation.pairs(), epoch -> {});
    var check = new AdaptationCheck(Prior.isotropic(8, 0.5), new Likelihood(1, 0.1, 2));
    PairScores scores = PairScores.of(trained.head(), unseen.pairs());
    return check.run(UserChoices.of(unseen.pairs().pairs()), scores, 20, 1).after();
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.api.Assertions.within(offset);
  }

  private static float[] filled(int n) {
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    return ones;
  }
}
