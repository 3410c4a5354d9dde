package dev.palate.training;

import dev.palate.reward.Bundle;
import dev.palate.reward.Bundles;
import dev.palate.reward.EncoderSpec;
import dev.palate.reward.EncoderSpec.ResponseInput;
import dev.palate.reward.ModelSettings;
import dev.palate.reward.RewardModels;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
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

  @Option(names = "--experts", description = "K (default: ${DEFAULT-VALUE}).")
  private int experts = TrainingSettings.DEFAULT.experts();

  @Option(
      names = "--top-m",
      description = "Routing weights kept when serving (default: ${DEFAULT-VALUE}).")
  private int topM = 2;

  @Option(names = "--seed", description = "The first seed (default: ${DEFAULT-VALUE}).")
  private long seed = TrainingSettings.DEFAULT.seed();

  @Option(
      names = "--seeds",
      description =
          "How many seeds to train; the best on validation is kept (default: ${DEFAULT-VALUE}).")
  private int seeds = 1;

  @Option(names = "--epochs", description = "(default: ${DEFAULT-VALUE})")
  private int epochs = TrainingSettings.DEFAULT.epochs();

  @Option(names = "--batch", description = "Pairs in a step (default: ${DEFAULT-VALUE}).")
  private int batch = TrainingSettings.DEFAULT.batch();

  @Option(names = "--expert-rate", description = "(default: ${DEFAULT-VALUE})")
  private double expertRate = TrainingSettings.DEFAULT.expertRate();

  @Option(names = "--router-rate", description = "(default: ${DEFAULT-VALUE})")
  private double routerRate = TrainingSettings.DEFAULT.routerRate();

  @Option(names = "--local-sparsity", description = "l_loc (default: ${DEFAULT-VALUE}).")
  private double localSparsity = TrainingSettings.DEFAULT.localSparsity();

  @Option(names = "--global-balance", description = "l_glob (default: ${DEFAULT-VALUE}).")
  private double globalBalance = TrainingSettings.DEFAULT.globalBalance();

  @Option(names = "--diversity", description = "l_div (default: ${DEFAULT-VALUE}).")
  private double diversity = TrainingSettings.DEFAULT.diversity();

  @Option(names = "--l2", description = "On the experts (default: ${DEFAULT-VALUE}).")
  private double l2 = TrainingSettings.DEFAULT.l2();

  @Option(
      names = "--expert-decay",
      description = "AdamW's weight decay of the experts (default: ${DEFAULT-VALUE}).")
  private double expertDecay = TrainingSettings.DEFAULT.expertDecay();

  @Option(
      names = "--personal",
      description =
          "The part of the loss taken with shifts of the training users, 0 for none"
              + " (default: ${DEFAULT-VALUE}).")
  private double personal = TrainingSettings.DEFAULT.personal();

  @Option(
      names = "--shift-penalty",
      description = "l_shift, on those shifts (default: ${DEFAULT-VALUE}).")
  private double shiftPenalty = TrainingSettings.DEFAULT.shiftPenalty();

  @Option(
      names = "--features",
      description =
          "Learned features of a response that the experts read beside its embedding, 0 for none"
              + " (default: ${DEFAULT-VALUE}).")
  private int features = TrainingSettings.DEFAULT.features().width();

  @Option(names = "--feature-rate", description = "(default: ${DEFAULT-VALUE})")
  private double featureRate = TrainingSettings.DEFAULT.features().rate();

  @Option(
      names = "--feature-decay",
      description = "AdamW's weight decay of those features (default: ${DEFAULT-VALUE}).")
  private double featureDecay = TrainingSettings.DEFAULT.features().decay();

  @Option(
      names = "--user-cap",
      description = "A user with more pairs weighs as one with this many (${DEFAULT-VALUE}).")
  private int userCap = TrainingSettings.DEFAULT.userCap();

  @Option(
      names = "--response-input",
      converter = ResponseInputConverter.class,
      description = "What the experts read: response (default) or prompt-and-response.")
  private ResponseInput responseInput = ResponseInput.RESPONSE;

  @Option(
      names = "--style-features",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Whether length, questions, hedges and the like are counted beside the embedding"
              + " (default: ${DEFAULT-VALUE}).")
  private boolean styleFeatures;

  @Option(
      names = "--on-bad-line",
      description =
          "skip (default): count lines that are no pairs and go on, unless they are more than 1 %%"
              + " of a file; stop: end at the first.")
  private PairReader.OnBadLine onBadLine = PairReader.OnBadLine.SKIP;

  @Option(names = "--device", description = "auto (default), cpu or gpu.")
  private ModelSettings.Device device = ModelSettings.Device.AUTO;

  @Option(names = "--dtype", description = "auto (default), fp32 or bf16.")
  private ModelSettings.Dtype dtype = ModelSettings.Dtype.AUTO;

  @Option(
      names = "--cache-dir",
      description = "Where encodings are kept (default: ${DEFAULT-VALUE}).")
  private Path cacheDir = Path.of(".palate", "cache");

  @Mixin private PhrasingOptions phrasing = new PhrasingOptions();

  /** Takes {@code prompt-and-response} for {@code PROMPT_AND_RESPONSE}. */
  static final class ResponseInputConverter implements CommandLine.ITypeConverter<ResponseInput> {
    @Override
    public ResponseInput convert(String value) {
      return ResponseInput.valueOf(value.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  @Override
  public Integer call() {
    try {
      train();
      return CommandLine.ExitCode.OK;
    } catch (DataException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private void train() {
    PrintWriter print = spec.commandLine().getOut();
    TrainingData pairs =
        TrainingData.read(
            data.stream().map(DataFile::parse).toList(),
            evaluateOnly.stream().map(DataFile::parse).toList(),
            onBadLine,
            TextStore.in(cacheDir.resolve("texts")));
    report(print, pairs);
    EncoderSpec whole = RewardModels.defaultEncoder(responseInput);
    EncoderSpec encoder = styleFeatures ? whole : whole.withoutStyleFeatures();
    try (Arena arena = Arena.ofShared()) {
      EncodedPairs encoded =
          EncodedData.of(
              pairs, encoder, new ModelSettings(device, dtype, cacheDir, 4096, 65_536), arena);
      BundleTraining.Result result =
          new BundleTraining(
                  bundleName(),
                  encoder,
                  settings(),
                  topM,
                  new Checkpoints(cacheDir.resolve("checkpoints")))
              .run(pairs, encoded, seeds, (s, epoch) -> report(print, s, epoch));
      Bundle written = Bundles.write(out, phrasing.phrased(result.bundle(), print));
      writeCard(result.withBundle(written), pairs);
      report(print, result, written);
    }
  }

  private TrainingSettings settings() {
    return new TrainingSettings(
        experts,
        TrainingSettings.DEFAULT.hidden(),
        epochs,
        batch,
        expertRate,
        routerRate,
        localSparsity,
        globalBalance,
        diversity,
        l2,
        expertDecay,
        personal,
        shiftPenalty,
        userCap,
        new TrainingSettings.FeatureLayer(features, featureRate, featureDecay),
        seed);
  }

  private String bundleName() {
    Path directory = out.toAbsolutePath().normalize().getFileName();
    return name.isEmpty() && directory != null ? directory.toString() : name;
  }

  private void writeCard(BundleTraining.Result result, TrainingData pairs) {
    try {
      Files.writeString(out.resolve("MODEL_CARD.md"), ModelCard.of(result, pairs, command()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot write the model card", e);
    }
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
        .filter(option -> !option.longestName().matches("--data|--evaluate-only|--cache-dir"))
        .forEach(option -> words.addAll(List.of(option.longestName(), option.getValue() + "")));
    return String.join(" ", words);
  }

  private static void report(PrintWriter print, TrainingData pairs) {
    pairs.bad().stream().limit(20).forEach(line -> print.println("skipped " + line));
    print.printf(
        "%d lines skipped as bad, %d dropped because they would leak%n",
        pairs.bad().size(), pairs.leaking());
    for (Split split : Split.values()) {
      for (Map.Entry<String, int[]> count : pairs.counts(split).entrySet()) {
        if (count.getValue()[0] > 0) {
          print.printf(
              "%-10s %-24s %7d pairs %6d users%n",
              split, count.getKey(), count.getValue()[0], count.getValue()[1]);
        }
      }
    }
    print.flush();
  }

  private static void report(PrintWriter print, long seed, Trainer.Epoch epoch) {
    print.printf(
        Locale.ROOT,
        "seed %d epoch %2d: objective %.4f, validation log-loss %.4f, accuracy %.4f%n",
        seed,
        epoch.epoch(),
        epoch.loss(),
        epoch.validationLoss(),
        epoch.validationAccuracy());
    print.flush();
  }

  private void report(PrintWriter print, BundleTraining.Result result, Bundle written) {
    print.println();
    print.println(QualityTable.of(result.quality()));
    written
        .experts()
        .forEach(card ->
            print.printf(
                Locale.ROOT,
                "%2d %.3f %s%n   %s%n",
                card.expert(),
                card.usage(),
                card.name(),
                card.description()));
    print.printf(
        Locale.ROOT,
        "scale %.3f, label noise %.2f, bundle %s version %s written to %s%n",
        written.scale(),
        written.labelNoise(),
        written.name(),
        written.version(),
        out);
    print.flush();
  }
}
