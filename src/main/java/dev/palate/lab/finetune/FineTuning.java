package dev.palate.lab.finetune;

import ai.djl.engine.EngineException;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.Head;
import dev.palate.core.model.torch.TrainableModel;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.lab.data.DataException;
import dev.palate.lab.data.PairWeights;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.EncodedData;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.train.ExpertCalibration;
import dev.palate.lab.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Goes on from a head on its frozen encoder: both are tuned together, the experts calibrated anew
 * and the whole written as one archive, which then scores all pairs. What was tuned stands in the
 * cache directory until the bundle is written. A run that is cut off starts its tuning anew.
 */
public final class FineTuning {

  private final EncoderFineTuning.Settings settings;
  private final ModelSettings model;
  private final Consumer<Trainer.Epoch> listener;

  /**
   * What became of it.
   *
   * @param base the encoder that was tuned
   * @param epochs the frozen model first, as epoch 0
   * @param kept one of them; 0: the frozen model, which no epoch was better than
   * @param tuned null where the frozen model is kept
   */
  public record Outcome(
      EncoderSpec base,
      EncoderFineTuning.Settings settings,
      List<Trainer.Epoch> epochs,
      Trainer.Epoch kept,
      @Nullable Tuned tuned) {

    /** The epoch that had the lowest validation log-loss of those that tuned. */
    public Trainer.Epoch bestTuned() {
      Trainer.Epoch best = epochs.get(1);
      for (Trainer.Epoch epoch : epochs.subList(1, epochs.size())) {
        best = epoch.validationLoss() < best.validationLoss() ? epoch : best;
      }
      return best;
    }
  }

  /**
   * @param directory where archive and tokenizer were written
   * @param scores of all pairs of the data
   */
  public record Tuned(EncoderSpec encoder, Path directory, PairScores scores) {

    /** Takes the archive off the disk; the bundle has its own copy. */
    public void delete() {
      FineTuning.delete(directory);
    }
  }

  /**
   * @param model its device must do the work; its cache directory holds what is being made
   * @param listener told of every epoch, the frozen model first
   */
  public FineTuning(
      EncoderFineTuning.Settings settings, ModelSettings model, Consumer<Trainer.Epoch> listener) {
    this.settings = settings;
    this.model = model;
    this.listener = listener;
  }

  /**
   * @param head as it was trained on the frozen encoder
   * @param userCap as in {@link PairWeights}
   */
  public Outcome run(TrainingData data, EncoderSpec encoder, Head head, int topM, int userCap) {
    try {
      Path directory =
          Files.createTempDirectory(
              Files.createDirectories(model.cacheDir().resolve("fine-tuning")), "run");
      try {
        Outcome outcome = run(data, encoder, head, topM, userCap, directory);
        if (outcome.tuned() == null) {
          delete(directory);
        }
        return outcome;
      } catch (RuntimeException e) {
        RuntimeException explained = explained(e, settings.batch());
        try {
          delete(directory);
        } catch (UncheckedIOException left) {
          explained.addSuppressed(left);
        }
        throw explained;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the cache '" + model.cacheDir() + "' cannot be used", e);
    }
  }

  private Outcome run(
      TrainingData data, EncoderSpec encoder, Head head, int topM, int userCap, Path directory) {
    List<PreferencePair> validation = data.of(Split.VALIDATION);
    EncoderFineTuning.Tuned tuned =
        tune(data.of(Split.TRAIN), validation, encoder, head, topM, userCap, directory);
    if (tuned.encoder() == null) {
      return new Outcome(encoder, settings, tuned.epochs(), tuned.best(), null);
    }
    EncoderSpec calibrated =
        calibrate(
            directory, tuned.encoder(), validation, PairWeights.of(validation, userCap), topM);
    PairScores scores = EncodedData.scores(data, directory, calibrated, head.expertCount(), model);
    return new Outcome(
        encoder, settings, tuned.epochs(), tuned.best(), new Tuned(calibrated, directory, scores));
  }

  private EncoderFineTuning.Tuned tune(
      List<PreferencePair> train,
      List<PreferencePair> validation,
      EncoderSpec encoder,
      Head head,
      int topM,
      int userCap,
      Path directory) {
    try (TrainableModel trainable =
            TrainableModel.open(encoder, head, model.device(), model.cacheDir());
        ProgressBar progress =
            new ProgressBarBuilder()
                .setTaskName("Fine-tuning")
                .setInitialMax(settings.steps(train.size()))
                .setUpdateIntervalMillis(1000)
                .setUnit(" steps", 1)
                .build()) {
      return new EncoderFineTuning(trainable, settings, topM)
          .tune(
              train,
              validation,
              userCap,
              directory,
              new EncoderFineTuning.Listener() {
                @Override
                public void stepped() {
                  progress.step();
                }

                @Override
                public void ended(Trainer.Epoch epoch) {
                  listener.accept(epoch);
                }
              });
    }
  }

  /** The archive with each expert's rewards times its factor, in the place of the one before. */
  private EncoderSpec calibrate(
      Path directory,
      EncoderSpec tuned,
      List<PreferencePair> validation,
      double[] weights,
      int topM) {
    try (TrainableModel best = TrainableModel.open(directory, tuned, model.device())) {
      PairScores scores = new EncoderFineTuning(best, settings, topM).scores(validation);
      best.scaleExperts(ExpertCalibration.factors(scores, weights, topM));
      return best.write(directory);
    }
  }

  /** The engine says that memory is short in its own words; what to do is ours to say. */
  static RuntimeException explained(RuntimeException e, int batch) {
    String message = String.valueOf(e.getMessage());
    boolean memory =
        message.contains("out of memory")
            || message.contains("not enough memory")
            || message.contains("can't allocate memory");
    return e instanceof EngineException && memory
        ? new DataException(
            "the device has too little memory to fine-tune %d pairs in a step; use a smaller --fine-tune-batch"
                .formatted(batch),
            e)
        : e;
  }

  private static void delete(Path directory) {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }
}
