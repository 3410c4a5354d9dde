package dev.palate.lab.bundling;

import dev.palate.lab.finetune.EncoderFineTuning;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that tune the encoder, too. */
final class FineTuneOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--fine-tune",
      description =
          "Also tunes the encoder, together with the best head; kept if validation log-loss gets"
              + " better. The bundle then holds its own encoder. Slow without a GPU, and not"
              + " resumable: a run that is cut off tunes from the start again.")
  private boolean fineTune;

  @Option(
      names = "--fine-tune-epochs",
      paramLabel = "N",
      description =
          "Passes over the training pairs (default: " + EncoderFineTuning.Settings.EPOCHS + ").")
  private @Nullable Integer epochs;

  @Option(
      names = "--fine-tune-batch",
      paramLabel = "N",
      description =
          "Pairs in a step, three texts each: less memory with fewer (default: "
              + EncoderFineTuning.Settings.BATCH
              + ").")
  private @Nullable Integer batch;

  @Option(
      names = "--fine-tune-rate",
      paramLabel = "RATE",
      description = "The highest learning rate (default: " + EncoderFineTuning.Settings.RATE + ").")
  private @Nullable Double rate;

  /**
   * Null: the encoder stays frozen.
   *
   * @throws ParameterException naming what cannot be
   */
  EncoderFineTuning.@Nullable Settings settings(long seed) {
    require(epochs == null || epochs >= 1, "--fine-tune-epochs must be at least 1");
    require(batch == null || batch >= 1, "--fine-tune-batch must be at least 1");
    require(
        rate == null || (rate > 0 && Double.isFinite(rate)),
        "--fine-tune-rate must be a positive number");
    if (!fineTune) {
      require(
          epochs == null && batch == null && rate == null,
          "--fine-tune-epochs, --fine-tune-batch and --fine-tune-rate need --fine-tune");
      return null;
    }
    return new EncoderFineTuning.Settings(
        epochs == null ? EncoderFineTuning.Settings.EPOCHS : epochs,
        batch == null ? EncoderFineTuning.Settings.BATCH : batch,
        rate == null ? EncoderFineTuning.Settings.RATE : rate,
        seed);
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(command.commandLine(), otherwise);
    }
  }
}
