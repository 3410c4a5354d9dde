package dev.palate.lab.bundling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.cli.BundleCommand;
import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleDiagnostics;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.Head;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.torch.TinyModels;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.model.torch.TorchEngine;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.Prior;
import dev.palate.lab.cards.ExpertCards;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.PairReader;
import dev.palate.lab.data.PairWeights;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.EncodedData;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.PairScores;
import dev.palate.lab.finetune.EncoderFineTuning;
import dev.palate.lab.finetune.FineTuning;
import dev.palate.lab.train.Calibration;
import dev.palate.lab.train.ExpertCalibration;
import dev.palate.lab.train.LearnedPrior;
import dev.palate.lab.train.Trainer;
import dev.palate.lab.train.TrainingSettings;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/**
 * {@code train --fine-tune} as it is typed, on an encoder so small and random that what it reads
 * frozen tells little of the words that matter.
 */
@NeedsEngine
class FineTuneCommandTest {

  private static final int TOP_M = 2;
  private static final List<String> TUNING =
      List.of("--fine-tune", "--fine-tune-epochs", "2", "--fine-tune-rate", "3e-3");

  @TempDir private static Path dir;
  private static Path data;
  private static Path tuned;

  private static final StringWriter OUT = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void train() throws IOException {
    data = Files.writeString(dir.resolve("made.jsonl"), MadeLines.draw(900, 1));
    tuned = dir.resolve("tuned");
    assertThat(run(OUT, new StringWriter(), tuned, data, TUNING)).isZero();
  }

  @Test
  void tuningLowersTheLossAndTheReportSaysBySoMuch() {
    Bundle bundle = Bundles.read(tuned);
    assertThat(bundle.metrics().get("fine_tuning.kept_epoch")).isPositive();
    assertThat(bundle.metrics().get("fine_tuning.log_loss_tuned"))
        .isEqualTo(bundle.metrics().get("validation.log_loss"))
        .isLessThan(0.9 * bundle.metrics().getOrDefault("fine_tuning.log_loss_frozen", 0.0));
    assertThat(OUT.toString())
        .contains("fine-tuning from: validation log-loss")
        .contains("fine-tuning epoch  2: objective")
        .doesNotContain("frozen encoder is kept");
  }

  @Test
  void itsDiagnosticsTellOfEveryEpochOfEveryHeldOutSplitAndOfNobody() throws IOException {
    Bundle bundle = Bundles.read(tuned);
    BundleDiagnostics diagnostics = Objects.requireNonNull(bundle.diagnostics());
    assertThat(diagnostics.learning())
        .extracting(BundleDiagnostics.LearningCurve::stage)
        .containsExactly("head", "head", "fine_tuning");
    BundleDiagnostics.LearningCurve tuning = diagnostics.learning().getLast();
    assertThat(tuning.epochs()).extracting(BundleDiagnostics.Epoch::epoch).containsExactly(0, 1, 2);
    assertThat(tuning.kept()).isTrue();
    assertThat(tuning.epochs().get(tuning.keptEpoch()).logLoss())
        .isEqualTo(bundle.metrics().get("validation.log_loss"));
    for (BundleDiagnostics.Calibration calibration : diagnostics.calibration()) {
      double right =
          calibration.bins().stream().mapToDouble(bin -> bin.share() * bin.accuracy()).sum();
      String measured = calibration.split() + "." + calibration.dataset() + ".";
      assertThat(bundle.metrics().get(measured + "accuracy")).isCloseTo(right, within(1e-3));
      assertThat(bundle.metrics()).containsEntry(measured + "pairs", 1.0 * calibration.pairs());
    }
    assertThat(diagnostics.calibration())
        .extracting(BundleDiagnostics.Calibration::split)
        .containsExactly("validation", "test");
    for (BundleDiagnostics.Domain domain : diagnostics.domains()) {
      assertThat(domain.routing().stream().mapToDouble(weight -> weight).sum())
          .isCloseTo(1, within(1e-3));
    }
    assertThat(tuned.resolve("diagnostics.json"))
        .content()
        .doesNotContain("I think")
        .doesNotContain("What was on day")
        .doesNotContainPattern("\\bu\\d+");
  }

  @Test
  void theBundleHoldsItsOwnEncoderAndScoresAsTheTunedModelDoes() {
    Bundle bundle = Bundles.read(tuned);
    assertThat(bundle.encoder().kind()).isEqualTo(EncoderSpec.Kind.TORCHSCRIPT);
    assertThat(bundle.head()).isNull();
    TrainingData pairs = pairs();
    PairScores scores = scores(pairs, bundle);
    try (RewardModel model = RewardModels.load(tuned, settings())) {
      for (int i = 0; i < 20; i++) {
        PreferencePair pair = pairs.pairs().get(i);
        ScoreItem item = new ScoreItem(pair.prompt(), List.of(pair.chosen(), pair.rejected()));
        var answer =
            ((ScoreResult.Scored) model.score(List.of(item), ScoreOptions.DEFAULT))
                .items()
                .getFirst();
        assertThat(answer.routing()).containsExactly(scores.routing()[i], within(1e-4f));
        for (int k = 0; k < bundle.expertCount(); k++) {
          float margin =
              answer.responses().get(0).rewards()[k] - answer.responses().get(1).rewards()[k];
          assertThat(margin).isCloseTo(scores.margins()[i][k], within(1e-3f));
        }
      }
    }
  }

  @Test
  void calibrationPriorRoutingAndCardsComeFromTheTunedMargins() {
    Bundle bundle = Bundles.read(tuned);
    TrainingData pairs = pairs();
    PairScores scores = scores(pairs, bundle);
    int cap = TrainingSettings.DEFAULT.userCap();
    List<PreferencePair> validation = pairs.of(Split.VALIDATION);
    Calibration calibration =
        Calibration.fit(
            scores.at(pairs.indices(Split.VALIDATION)).margins(TOP_M),
            PairWeights.of(validation, cap));
    assertThat(bundle.scale()).isCloseTo(calibration.scale(), within(1e-6));
    assertThat(bundle.labelNoise()).isEqualTo(calibration.labelNoise());
    Prior prior =
        LearnedPrior.learnShared(
                pairs,
                scores,
                new Likelihood(bundle.scale(), bundle.labelNoise(), TOP_M, bundle.sharedCount()),
                1)
            .prior();
    for (int k = 0; k < bundle.expertCount(); k++) {
      assertThat(bundle.prior().covariance()[k])
          .containsExactly(prior.covariance()[k], within(1e-5));
    }
    try (Arena arena = Arena.ofConfined()) {
      EncodedPairs encoded = EncodedData.of(pairs, encoder(), settings(), arena);
      assertThat(bundle.experts().subList(0, bundle.routedCount()))
          .isEqualTo(
              ExpertCards.of(
                  pairs,
                  encoded,
                  scores.routed(),
                  Arrays.copyOf(bundle.meanRouting(), bundle.routedCount())));
    }
  }

  @Test
  void itsExpertsAreMadeAsSureAsValidationLetsThemBe() {
    TrainingData pairs = pairs();
    int cap = TrainingSettings.DEFAULT.userCap();
    TrainingSettings few = TrainingSettings.DEFAULT.withExperts(3).withEpochs(4);
    try (Arena arena = Arena.ofConfined()) {
      EncodedPairs encoded = EncodedData.of(pairs, encoder(), settings(), arena);
      EncodedPairs train = encoded.at(pairs.indices(Split.TRAIN));
      EncodedPairs validation = encoded.at(pairs.indices(Split.VALIDATION));
      Head head = new Trainer(few, TOP_M).train(train, validation, epoch -> {}).head();
      Head unsure = ExpertCalibration.apply(head, new double[] {0.01, 0.01, 0.01});
      FineTuning.Tuned outcome =
          Objects.requireNonNull(
              new FineTuning(
                      new EncoderFineTuning.Settings(1, 32, 1e-3, 1), settings(), epoch -> {})
                  .run(pairs, encoder(), unsure, TOP_M, cap)
                  .tuned());
      PairScores scores = outcome.scores().at(pairs.indices(Split.VALIDATION));
      double[] weights = PairWeights.of(validation.pairs(), cap);
      outcome.delete();
      // what was calibrated once has little left to gain
      for (double factor : ExpertCalibration.factors(scores, weights, TOP_M)) {
        assertThat(factor).isCloseTo(1, within(0.2));
      }
    }
  }

  @Test
  void theCardSaysWhatWasTunedAndWhatItGained() throws IOException {
    assertThat(Files.readString(tuned.resolve("MODEL_CARD.md")))
        .contains("a router on a fine-tuned text encoder")
        .contains("`classpath:tiny-bert`")
        .contains("are part of this bundle (`reward-model.pt`)")
        .contains("Fine-tuning of encoder and head together")
        .contains("--fine-tune true")
        .contains("is kept.");
  }

  @Test
  void itCanBeInspectedAndAnArchiveThatWasTouchedIsFoundOut() throws IOException {
    assertThat(bundle("inspect", tuned)).isZero();
    assertThat(bundle("verify", tuned)).isZero();
    Path copy = Files.createDirectories(dir.resolve("copy"));
    try (var files = Files.list(tuned)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    byte[] archive = Files.readAllBytes(copy.resolve("reward-model.pt"));
    archive[archive.length / 2] ^= 1;
    Files.write(copy.resolve("reward-model.pt"), archive);
    assertThat(bundle("verify", copy)).isEqualTo(1);
    assertThat(err.toString()).contains("reward-model.pt does not have the SHA-256");
  }

  @Test
  void theSameSeedGivesTheSameBundleAndNothingIsLeftBehind() throws IOException {
    Path again = dir.resolve("again");
    assertThat(run(new StringWriter(), err, again, data, TUNING)).isZero();
    assertThat(Bundles.read(again).version()).isEqualTo(Bundles.read(tuned).version());
    try (var left = Files.list(dir.resolve("cache/fine-tuning"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void tuningThatDoesNotHelpWritesTheBundleOfTheFrozenEncoder() {
    StringWriter out = new StringWriter();
    Path kept = dir.resolve("kept");
    Path frozen = dir.resolve("frozen");
    assertThat(run(out, err, kept, data, List.of("--fine-tune", "--fine-tune-rate", "1e-12")))
        .isZero();
    assertThat(run(new StringWriter(), err, frozen, data, List.of())).isZero();
    assertThat(out.toString()).contains("did not lower the validation log-loss");
    assertThat(kept.resolve("reward-model.pt")).doesNotExist();
    assertThat(Bundles.read(kept).version()).isEqualTo(Bundles.read(frozen).version());
    assertThat(Bundles.read(kept).metrics()).containsEntry("fine_tuning.kept_epoch", 0.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--fine-tune --fine-tune-epochs 0 | --fine-tune-epochs must be at least 1",
        "--fine-tune --fine-tune-batch -1 | --fine-tune-batch must be at least 1",
        "--fine-tune --fine-tune-rate 0 | --fine-tune-rate must be a positive number",
        "--fine-tune --fine-tune-rate NaN | --fine-tune-rate must be a positive number",
        "--fine-tune --fine-tune-rate Infinity | --fine-tune-rate must be a positive number",
        "--fine-tune --fine-tune-batch many | is not an int",
        "--fine-tune-rate 1e-5 | need --fine-tune",
        "--top-m 9 | --top-m must be 1 to the number of experts",
        "--seeds 0 | --seeds must be at least 1",
        "--epochs 0 | must be positive"
      })
  void whatCannotBeIsRefusedBeforeAnythingIsRead(String options, String message) {
    Path nowhere = dir.resolve("nowhere.jsonl");
    List<String> words = List.of(options.split(" "));
    assertThat(run(new StringWriter(), err, dir.resolve("x"), nowhere, words)).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void aGpuThatIsNotThereIsSaidBeforeAnythingIsRead() {
    Assumptions.assumeTrue(TorchEngine.start().getGpuCount() == 0);
    Path nowhere = dir.resolve("nowhere.jsonl");
    List<String> words = List.of("--fine-tune", "--device", "GPU");
    assertThat(run(new StringWriter(), err, dir.resolve("x"), nowhere, words)).isEqualTo(1);
    assertThat(err.toString()).contains("--device", "found no GPU");
  }

  private static int run(
      StringWriter out, StringWriter err, Path bundle, Path from, List<String> more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--data", from.toString(), "--out", bundle.toString(), "--name", "made"));
    arguments.addAll(List.of("--cache-dir", dir.resolve("cache").toString(), "--dtype", "FP32"));
    arguments.addAll(List.of("--experts", "3", "--seeds", "2"));
    if (!more.contains("--epochs")) {
      arguments.addAll(List.of("--epochs", "4"));
    }
    if (more.contains("--seeds")) {
      arguments.removeAll(List.of("--seeds", "2"));
    }
    if (!more.contains("--device")) {
      arguments.addAll(List.of("--device", "CPU"));
    }
    if (more.contains("--fine-tune") && !more.contains("--fine-tune-batch")) {
      arguments.addAll(List.of("--fine-tune-batch", "32"));
    }
    arguments.addAll(more);
    return new CommandLine(new TrainCommand(TinyModels::onClassPath))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }

  private int bundle(String command, Path bundle) {
    return new CommandLine(new BundleCommand())
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(err))
        .execute(command, bundle.toString());
  }

  private static EncoderSpec encoder() {
    return TinyModels.onClassPath(EncoderSpec.ResponseInput.RESPONSE);
  }

  private static ModelSettings settings() {
    return new ModelSettings(TorchDevice.CPU, TorchDtype.FP32, dir.resolve("cache"), 4096, 65_536);
  }

  private static TrainingData pairs() {
    return TrainingData.read(
        List.of(DataFile.parse(data.toString())), List.of(), PairReader.OnBadLine.STOP);
  }

  private static PairScores scores(TrainingData pairs, Bundle bundle) {
    return EncodedData.scores(pairs, tuned, bundle.encoder(), bundle.routedCount(), settings())
        .withShared(Objects.requireNonNull(bundle.shared()), pairs.pairs());
  }
}
