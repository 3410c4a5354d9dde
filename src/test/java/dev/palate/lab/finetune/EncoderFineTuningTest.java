package dev.palate.lab.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.EngineException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.torch.TinyModels;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.model.torch.TrainableModel;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import dev.palate.lab.data.DataException;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.train.Trainer;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsEngine
class EncoderFineTuningTest {

  private static final int K = 3;
  private static final String[] LIKED = {"tea", "cake", "garden", "music"};
  private static final String[] DISLIKED = {"noise", "rain", "traffic", "dust"};
  private static final EncoderFineTuning.Settings SETTINGS =
      new EncoderFineTuning.Settings(3, 16, 2e-3, 1);

  @TempDir private Path dir;

  private final List<PreferencePair> train = pairs(400, 1);
  private final List<PreferencePair> validation = pairs(100, 2);

  @Test
  void theLossFallsAndUnseenPairsAreJudgedRight() throws IOException {
    List<Trainer.Epoch> epochs = new ArrayList<>();
    try (TrainableModel model = tiny(EncoderSpec.ResponseInput.RESPONSE)) {
      new EncoderFineTuning(model, SETTINGS, K).tune(train, validation, 50, dir, listener(epochs));
    }
    assertThat(epochs).hasSize(4);
    assertThat(epochs.getLast().loss()).isLessThan(0.5 * epochs.get(1).loss());
    assertThat(epochs.getFirst().validationAccuracy()).isLessThan(0.8);
    assertThat(epochs.getLast().validationAccuracy()).isGreaterThan(0.95);
  }

  @Test
  void theWrittenBundleScoresAsTheTrainedModule() throws IOException {
    PairScores trained;
    try (TrainableModel model = tiny(EncoderSpec.ResponseInput.PROMPT_AND_RESPONSE)) {
      // one epoch: the written one is the last one
      EncoderFineTuning tuning =
          new EncoderFineTuning(model, new EncoderFineTuning.Settings(1, 16, 2e-3, 1), K);
      EncoderSpec encoder =
          Objects.requireNonNull(
              tuning.tune(train, validation, 50, dir, listener(new ArrayList<>())).encoder());
      assertThat(encoder.kind()).isEqualTo(EncoderSpec.Kind.TORCHSCRIPT);
      Bundles.write(dir, TinyModels.bundle(K, encoder));
      trained = tuning.scores(validation);
    }
    ModelSettings settings =
        new ModelSettings(TorchDevice.CPU, TorchDtype.FP32, dir.resolve("cache"), 4096, 65_536);
    try (RewardModel model = RewardModels.load(dir, settings)) {
      for (int i = 0; i < 20; i++) {
        PreferencePair pair = validation.get(i);
        ScoreItem item = new ScoreItem(pair.prompt(), List.of(pair.chosen(), pair.rejected()));
        ScoreResult.Scored scored =
            (ScoreResult.Scored) model.score(List.of(item), new ScoreOptions(false, null));
        float[] chosen = scored.items().getFirst().responses().get(0).rewards();
        float[] rejected = scored.items().getFirst().responses().get(1).rewards();
        assertThat(scored.items().getFirst().routing())
            .containsExactly(trained.routing()[i], within(1e-4f));
        for (int k = 0; k < K; k++) {
          assertThat(chosen[k] - rejected[k]).isCloseTo(trained.margins()[i][k], within(1e-3f));
        }
      }
    }
  }

  @Test
  void tuningThatDoesNotHelpWritesNothing() throws IOException {
    try (TrainableModel model = tiny(EncoderSpec.ResponseInput.RESPONSE)) {
      // what is learned is the opposite of what is judged
      List<PreferencePair> reversed =
          train.stream().map(pair -> pair(pair.prompt(), pair.rejected(), pair.chosen())).toList();
      EncoderFineTuning.Tuned tuned =
          new EncoderFineTuning(model, SETTINGS, K)
              .tune(reversed, validation, 50, dir.resolve("out"), listener(new ArrayList<>()));
      assertThat(tuned.best().epoch()).isZero();
      assertThat(tuned.encoder()).isNull();
      assertThat(dir.resolve("out")).doesNotExist();
    }
  }

  @Test
  void sameSeedGivesTheSameLosses() throws IOException {
    List<List<Trainer.Epoch>> runs = List.of(new ArrayList<>(), new ArrayList<>());
    for (List<Trainer.Epoch> epochs : runs) {
      try (TrainableModel model = tiny(EncoderSpec.ResponseInput.RESPONSE)) {
        new EncoderFineTuning(model, new EncoderFineTuning.Settings(1, 16, 2e-3, 1), K)
            .tune(train, validation, 50, dir, listener(epochs));
      }
    }
    assertThat(runs.get(1)).isEqualTo(runs.get(0));
  }

  @Test
  void theRateRisesOverTheFirstTenthAndFallsToZero() {
    assertThat(EncoderFineTuning.share(5, 100)).isCloseTo(0.5, within(1e-9));
    assertThat(EncoderFineTuning.share(10, 100)).isCloseTo(1, within(1e-9));
    assertThat(EncoderFineTuning.share(55, 100)).isCloseTo(0.5, within(1e-9));
    assertThat(EncoderFineTuning.share(100, 100)).isCloseTo(0, within(1e-9));
  }

  @Test
  void everyStepIsTold() throws IOException {
    AtomicInteger steps = new AtomicInteger();
    EncoderFineTuning.Settings settings = new EncoderFineTuning.Settings(2, 16, 2e-3, 1);
    try (TrainableModel model = tiny(EncoderSpec.ResponseInput.RESPONSE)) {
      new EncoderFineTuning(model, settings, K)
          .tune(train.subList(0, 40), validation, 50, dir, listener(steps, new ArrayList<>()));
    }
    assertThat(steps).hasValue(settings.steps(40)).hasValue(4);
  }

  @Test
  void aRateThatLeadsNowhereEndsWithWhatToDo() throws IOException {
    try (TrainableModel model = tiny(EncoderSpec.ResponseInput.RESPONSE)) {
      var tuning = new EncoderFineTuning(model, new EncoderFineTuning.Settings(3, 16, 1e30, 1), K);
      assertThatThrownBy(() -> tuning.tune(train, validation, 50, dir, listener(new ArrayList<>())))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("--fine-tune-rate");
    }
  }

  @Test
  void memoryThatRunsOutIsSaidWithWhatToDo() {
    String found = "CUDA out of memory. Tried to allocate 2.00 GiB.";
    assertThat(FineTuning.explained(new EngineException(found), 16))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("16 pairs in a step")
        .hasMessageContaining("--fine-tune-batch");
    RuntimeException other = new EngineException("shapes differ");
    assertThat(FineTuning.explained(other, 16)).isSameAs(other);
  }

  @Test
  void eachExpertIsMultipliedByItsFactor() throws IOException {
    try (TrainableModel model = tiny(EncoderSpec.ResponseInput.RESPONSE)) {
      EncoderFineTuning tuning = new EncoderFineTuning(model, SETTINGS, K);
      PairScores before = tuning.scores(validation);
      double[] factors = {0.5, 1, 3};
      model.scaleExperts(factors);
      PairScores after = tuning.scores(validation);
      for (int i = 0; i < validation.size(); i++) {
        assertThat(after.routing()[i]).containsExactly(before.routing()[i], within(1e-6f));
        for (int k = 0; k < K; k++) {
          assertThat((double) after.margins()[i][k])
              .isCloseTo(factors[k] * before.margins()[i][k], within(1e-4));
        }
      }
    }
  }

  private static EncoderFineTuning.Listener listener(List<Trainer.Epoch> epochs) {
    return listener(new AtomicInteger(), epochs);
  }

  private static EncoderFineTuning.Listener listener(
      AtomicInteger steps, List<Trainer.Epoch> epochs) {
    return new EncoderFineTuning.Listener() {
      @Override
      public void stepped() {
        steps.incrementAndGet();
      }

      @Override
      public void ended(Trainer.Epoch epoch) {
        epochs.add(epoch);
      }
    };
  }

  private TrainableModel tiny(EncoderSpec.ResponseInput responseInput) throws IOException {
    return TinyModels.trainable(dir, K, responseInput, 1);
  }

  private static List<PreferencePair> pairs(int n, long seed) {
    Random random = new Random(seed);
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      String liked = LIKED[random.nextInt(LIKED.length)];
      String disliked = DISLIKED[random.nextInt(DISLIKED.length)];
      pairs.add(
          pair(
              new Prompt("How was day " + random.nextInt(50) + "?"),
              "There was " + liked + " at " + random.nextInt(24),
              "There was " + disliked + " at " + random.nextInt(24)));
    }
    return pairs;
  }

  private static PreferencePair pair(Prompt prompt, String chosen, String rejected) {
    return new PreferencePair("made", "id", null, "", prompt, chosen, rejected, 1, null, null);
  }
}
