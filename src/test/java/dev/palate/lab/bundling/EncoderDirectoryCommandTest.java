package dev.palate.lab.bundling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.torch.TinyDirectory;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import dev.palate.core.traits.PairFeatures;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.PairReader;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.EncodedData;
import dev.palate.lab.encode.EncodedPairs;
import dev.palate.lab.encode.PairScores;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code train --encoder} as it is typed. */
@NeedsEngine
class EncoderDirectoryCommandTest {

  @TempDir private static Path dir;
  private static Path data;
  private static Path encoder;
  private static Path mean;

  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void train() throws IOException {
    data = Files.writeString(dir.resolve("made.jsonl"), MadeLines.draw(300, 1));
    encoder = TinyDirectory.write(dir.resolve("bert"), 2);
    mean = dir.resolve("mean");
    StringWriter err = new StringWriter();
    assertThat(run(err, mean, encoder, List.of())).as(err.toString()).isZero();
  }

  @Test
  void theBundleStandsOnTheDirectoryAndScoresAsItWasTrained() {
    Bundle bundle = Bundles.read(mean);
    assertThat(bundle.encoder().source()).isEqualTo("directory:" + encoder);
    assertScoresAsItWasTrained(mean);
  }

  private static void assertScoresAsItWasTrained(Path directory) {
    Bundle bundle = Bundles.read(directory);
    PairFeatures features = bundle.pair();
    TrainingData pairs =
        TrainingData.read(
            List.of(DataFile.parse(data.toString())), List.of(), PairReader.OnBadLine.STOP);
    try (RewardModel model = RewardModels.load(directory, settings());
        Arena arena = Arena.ofConfined()) {
      EncodedPairs encoded = EncodedData.of(pairs, bundle.encoder(), settings(), arena);
      PairScores routed = PairScores.of(Objects.requireNonNull(bundle.head()), encoded);
      PairScores read =
          features == null
              ? routed
              : routed.withPair(
                  features,
                  bundle.encoder().interactionLayers(),
                  pairs.pairs(),
                  encoded.interactions());
      PairScores scores = read.withShared(Objects.requireNonNull(bundle.shared()), pairs.pairs());
      for (int i = 0; i < 20; i++) {
        PreferencePair pair = pairs.pairs().get(i);
        ScoreItem item = new ScoreItem(pair.prompt(), List.of(pair.chosen(), pair.rejected()));
        var responses =
            ((ScoreResult.Scored) model.score(List.of(item), ScoreOptions.DEFAULT))
                .items()
                .getFirst()
                .responses();
        for (int k = 0; k < bundle.expertCount(); k++) {
          float margin = responses.get(0).rewards()[k] - responses.get(1).rewards()[k];
          assertThat(margin).isCloseTo(scores.margins()[i][k], within(1e-3f));
        }
      }
    }
  }

  @Test
  void theCardNamesTheEncoderAndNotTheLicenceOfAnother() throws IOException {
    assertThat(mean.resolve("golden.json")).content().contains(Bundles.read(mean).version());
    assertThat(Files.readString(mean.resolve("MODEL_CARD.md")))
        .contains("`directory:" + encoder + "`")
        .doesNotContain("MiniLM");
  }

  @Test
  void encodingsOfOtherPoolingsSettingsAndLimitsAreKeptApart() throws IOException {
    Path bert = TinyDirectory.write(dir.resolve("cached"), 3);
    List<String> options = List.of("--cache-dir", dir.resolve("apart").toString());
    assertThat(run(err, dir.resolve("a"), bert, options)).isZero();
    assertThat(run(err, dir.resolve("b"), bert, options)).isZero();
    assertThat(encodings()).isEqualTo(1);

    TinyDirectory.pooling(bert, "cls_token");
    assertThat(run(err, dir.resolve("c"), bert, options)).isZero();
    assertThat(encodings()).isEqualTo(2);
    assertThat(Bundles.read(dir.resolve("c")).encoder().pooling())
        .isEqualTo(EncoderSpec.Pooling.CLS);

    Path config = bert.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("0.01", "0.02"));
    assertThat(run(err, dir.resolve("d"), bert, options)).isZero();
    assertThat(encodings()).isEqualTo(3);

    List<String> shorter = new ArrayList<>(options);
    shorter.addAll(List.of("--max-tokens", "24"));
    assertThat(run(err, dir.resolve("e"), bert, shorter)).isZero();
    assertThat(encodings()).isEqualTo(4);
    assertThat(Bundles.read(dir.resolve("e")).encoder().maxTokens()).isEqualTo(24);
    assertThat(Bundles.read(dir.resolve("a")).version())
        .isEqualTo(Bundles.read(dir.resolve("b")).version());
  }

  @Test
  void itCanBeFineTuned() throws IOException {
    Path bert = TinyDirectory.pooling(TinyDirectory.write(dir.resolve("ft"), 4), "cls_token");
    Path tuned = dir.resolve("tuned");
    assertThat(
            run(
                err,
                tuned,
                bert,
                List.of("--fine-tune", "--fine-tune-rate", "3e-3", "--fine-tune-epochs", "2")))
        .isZero();
    EncoderSpec spec = Bundles.read(tuned).encoder();
    assertThat(spec.kind()).isEqualTo(EncoderSpec.Kind.TORCHSCRIPT);
    RewardModels.load(tuned, settings()).close();
    Path tokenizer = tuned.resolve("tokenizer.json");
    Files.writeString(tokenizer, Files.readString(tokenizer) + "\n");
    assertThatThrownBy(() -> RewardModels.load(tuned, settings()))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("tokenizer.json does not have the SHA-256");
  }

  @Test
  void anEncoderThatIsNotThereIsSaidBeforeTheDataIsRead() {
    Path nowhere = dir.resolve("nowhere");
    assertThat(run(err, dir.resolve("x"), nowhere, List.of())).isEqualTo(1);
    assertThat(err.toString()).contains(nowhere.resolve("config.json") + " is missing");
  }

  @Test
  void moreTokensThanTheEncoderHasPositionsAreRefused() {
    assertThat(run(err, dir.resolve("x"), encoder, List.of("--max-tokens", "51"))).isEqualTo(1);
    assertThat(err.toString()).contains("8 to 50 tokens, not 51");
  }

  /** Of the layers named, the one that is best on validation is kept. */
  @Test
  void aBundleThatComparesTokensScoresAsItWasTrained() {
    Path bundle = dir.resolve("layers");
    List<String> options = List.of("--interaction-layers", "1,2", "--max-prompt-tokens", "30");
    assertThat(run(err, bundle, encoder, options)).as(err.toString()).isZero();
    Bundle read = Bundles.read(bundle);
    assertThat(read.readsInteraction()).isTrue();
    assertThat(read.encoder().interactionLayers()).hasSize(1).isSubsetOf(1, 2);
    assertThat(read.encoder().maxPromptTokens()).isEqualTo(30);
    assertScoresAsItWasTrained(bundle);
  }

  @Test
  void layersAndLimitsThatCannotBeReadAreRefused() {
    assertRefused("ascend from 1", "--interaction-layers", "2,1");
    assertRefused("has 2 layers", "--interaction-layers", "3");
    assertRefused("at least 8", "--max-prompt-tokens", "7");
    assertRefused("must not be more than 'max_tokens'", "--max-prompt-tokens", "51");
    assertRefused(
        "read apart", "--interaction-layers", "1", "--response-input", "prompt-and-response");
    assertRefused("gives no token states", "--interaction-layers", "1", "--fine-tune");
  }

  private void assertRefused(String why, String... options) {
    StringWriter said = new StringWriter();
    assertThat(run(said, dir.resolve("x"), encoder, List.of(options))).isEqualTo(1);
    assertThat(said.toString()).contains(why);
  }

  private static int run(StringWriter err, Path bundle, Path encoder, List<String> more) {
    List<String> arguments =
        new ArrayList<>(List.of("--data", data.toString(), "--out", bundle.toString()));
    arguments.addAll(List.of("--encoder", encoder.toString(), "--name", "made"));
    arguments.addAll(List.of("--dtype", "FP32", "--device", "CPU"));
    arguments.addAll(List.of("--experts", "3", "--epochs", "2"));
    if (!more.contains("--cache-dir")) {
      arguments.addAll(List.of("--cache-dir", dir.resolve("cache").toString()));
    }
    arguments.addAll(more);
    return new CommandLine(new TrainCommand())
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }

  private static long encodings() throws IOException {
    try (var files = Files.list(dir.resolve("apart/encodings"))) {
      return files.count();
    }
  }

  private static ModelSettings settings() {
    return new ModelSettings(TorchDevice.CPU, TorchDtype.FP32, dir.resolve("cache"), 4096, 65_536);
  }
}
