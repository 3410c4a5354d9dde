package dev.palate.lab.bundling;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.BundleWarning;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import dev.palate.lab.data.DataException;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.MadePairs;
import dev.palate.lab.data.PairReader;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TextStore;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.EncodedData;
import dev.palate.lab.finetune.EncoderFineTuning;
import dev.palate.lab.finetune.FineTuning;
import dev.palate.lab.train.Checkpoints;
import dev.palate.lab.train.TrainingSettings;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code palate train}: preference data becomes a bundle. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Trains router and experts on preference pairs and writes a bundle.")
public final class TrainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      required = true,
      arity = "1..*",
      paramLabel = "[NAME=]FILE[;LICENCE]",
      description =
          "JSON Lines, gzipped or not, or Parquet: {id?, user?, context?, prompt | messages, chosen, rejected,"
              + " strength?, split?, pair?}. The licence goes into the model card.")
  private List<String> data = new ArrayList<>();

  @Option(
      names = "--evaluate-only",
      arity = "1..*",
      paramLabel = "[NAME=]FILE",
      description = "Data that is only judged, never learned from, whatever its split says.")
  private List<String> evaluateOnly = new ArrayList<>();

  @Option(names = "--out", required = true, description = "The bundle's directory.")
  private Path out = Path.of("");

  @Option(names = "--name", description = "The bundle's name; default: the directory's.")
  private String name = "";

  @Mixin private HeadOptions head = new HeadOptions();

  @Mixin private EncoderOptions encoderOptions = new EncoderOptions();

  @Option(
      names = "--on-bad-line",
      description =
          "skip (default): count lines that are no pairs and go on, unless they are more than 1 %%"
              + " of a file; stop: end at the first.")
  private PairReader.OnBadLine onBadLine = PairReader.OnBadLine.SKIP;

  @Option(
      names = "--strict",
      description =
          "Any warning of the training is an error: each is printed, the exit code is 1 and nothing"
              + " is written to --out. Default: warnings are printed and kept in the bundle.")
  private boolean strict;

  @Option(names = "--device", description = "auto (default), cpu or gpu.")
  private TorchDevice device = TorchDevice.AUTO;

  @Option(names = "--dtype", description = "auto (default), fp32 or bf16.")
  private TorchDtype dtype = TorchDtype.AUTO;

  @Option(
      names = "--cache-dir",
      description = "Where encodings are kept (default: ${DEFAULT-VALUE}).")
  private Path cacheDir = Path.of(".palate", "cache");

  @Option(
      names = "--keep-example-texts",
      description =
          "Keeps prompt and responses of the pairs that the experts' cards name in the bundle, to be"
              + " seen by whoever gets it or may read the experts. They are texts of the data: its"
              + " licence may forbid to pass them on, and they may be personal. Default: their ids"
              + " alone.")
  private boolean keepExampleTexts;

  @Mixin private FineTuneOptions fineTune = new FineTuneOptions();

  @Mixin private PhrasingOptions phrasing = new PhrasingOptions();

  private final Function<ResponseInput, EncoderSpec> encoders;

  public TrainCommand() {
    this(RewardModels::defaultEncoder);
  }

  /**
   * @param encoders where none is named, the encoder by what the experts are to read of it
   */
  TrainCommand(Function<ResponseInput, EncoderSpec> encoders) {
    this.encoders = encoders;
  }

  @Override
  public Integer call() {
    TrainingSettings settings = head.settings();
    EncoderFineTuning.Settings tuning = fineTune.settings(settings.seed());
    try {
      train(settings, tuning);
      return CommandLine.ExitCode.OK;
    } catch (DataException | BundleException e) {
      spec.commandLine().getErr().println(e.getMessage());
      spec.commandLine().getErr().flush();
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private void train(TrainingSettings settings, EncoderFineTuning.@Nullable Settings tuning) {
    RewardModels.requireDevice(device);
    EncoderSpec encoder = encoderOptions.encoder(encoders);
    if (tuning != null && encoder.kind() == EncoderSpec.Kind.REMOTE) {
      throw new DataException(
          "--fine-tune moves an encoder's weights; those of a remote one are not here");
    }
    if (tuning != null && encoder.readsInteraction()) {
      throw new DataException(
          "--fine-tune makes an archive that gives no token states; it goes without --interaction-layers");
    }
    TrainReport report = new TrainReport(spec.commandLine().getOut());
    TrainingData pairs =
        TrainingData.read(
            data.stream().map(DataFile::parse).toList(),
            evaluateOnly.stream().map(DataFile::parse).toList(),
            onBadLine,
            TextStore.in(cacheDir.resolve("texts")));
    report.data(pairs);
    TrainingData labelled = pairs;
    pairs =
        MadePairs.addedTo(labelled, head.madePairs(), settings.seed())
            .withoutLongTexts(head.maxCharacters());
    if (pairs.pairs().size() < labelled.pairs().size()) {
      report.encoded(pairs);
    }
    ModelSettings model =
        new ModelSettings(device, dtype, cacheDir, 4096, 65_536)
            .withRemote(encoderOptions.remote());
    try (Arena arena = Arena.ofShared()) {
      BundleTraining.Result result =
          new BundleTraining(
                  bundleName(),
                  encoder,
                  settings,
                  head.topM(),
                  head.sharedExperts(),
                  head.readsPairs() || encoder.readsInteraction(),
                  new Checkpoints(cacheDir.resolve("checkpoints")),
                  tuning == null ? null : new FineTuning(tuning, model, report::fineTuning))
              .run(
                  labelled,
                  pairs,
                  EncodedData.of(pairs, encoder, model, arena),
                  head.seeds(),
                  report::epoch);
      refuseWarnings(result);
      BundleTraining.Result written = result.withBundle(write(result, pairs));
      RewardModels.writeGolden(
          out,
          new ModelSettings(device, TorchDtype.FP32, cacheDir, 4096, 65_536)
              .withRemote(encoderOptions.remote()));
      ModelCard.write(out, written, pairs, command());
      report.written(written, out);
    }
  }

  /**
   * @throws DataException if there are warnings and {@code --strict} was given
   */
  private void refuseWarnings(BundleTraining.Result result) {
    List<BundleWarning> warnings = result.bundle().warnings();
    if (!strict || warnings.isEmpty()) {
      return;
    }
    if (result.fineTuning() != null && result.fineTuning().tuned() != null) {
      result.fineTuning().tuned().delete();
    }
    throw new DataException(
        warnings.stream()
            .map(warning -> "error: " + warning.message())
            .collect(Collectors.joining(System.lineSeparator())));
  }

  private Bundle write(BundleTraining.Result result, TrainingData pairs) {
    Bundle bundle =
        withTexts(phrasing.phrased(result.bundle(), spec.commandLine().getOut()), pairs);
    FineTuning.Tuned tuned = result.fineTuning() == null ? null : result.fineTuning().tuned();
    if (tuned == null) {
      return Bundles.write(out, bundle);
    }
    Bundle written = Bundles.write(out, bundle, tuned.directory());
    tuned.delete();
    return written;
  }

  private Bundle withTexts(Bundle bundle, TrainingData pairs) {
    if (!keepExampleTexts) {
      return bundle;
    }
    ExampleTexts texts = ExampleTexts.of(bundle.experts(), pairs.of(Split.TRAIN));
    spec.commandLine().getOut().println("keeps " + texts.summary());
    return bundle.withExamplePairs(texts.pairs());
  }

  private String bundleName() {
    Path directory = out.toAbsolutePath().normalize().getFileName();
    return name.isEmpty() && directory != null ? directory.toString() : name;
  }

  /** The command as typed, files by their data set's name: the card is read elsewhere. */
  private String command() {
    List<String> words = new ArrayList<>(List.of("train"));
    for (String file : data) {
      words.add("--data");
      words.add(DataFile.parse(file).name());
    }
    for (String file : evaluateOnly) {
      words.add("--evaluate-only");
      words.add(DataFile.parse(file).name());
    }
    spec.commandLine().getParseResult().matchedOptions().stream()
        .filter(option ->
            !option
                .longestName()
                .matches(
                    "--data|--evaluate-only|--cache-dir|--encoder-(url|api-key-file|timeout|batch-size|max-concurrency)"))
        .forEach(option -> words.addAll(List.of(option.longestName(), option.getValue() + "")));
    return String.join(" ", words);
  }
}
