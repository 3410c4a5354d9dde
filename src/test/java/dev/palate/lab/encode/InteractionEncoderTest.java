package dev.palate.lab.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.TestBundles;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.PromptScores;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.torch.TinyModels;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import dev.palate.core.traits.Fluency;
import dev.palate.core.traits.InteractionFeatures;
import dev.palate.core.traits.PairFeatures;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.PairReader;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.TrainingData;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InteractionEncoderTest {

  @TempDir private Path dir;

  private final LengthModel model = new LengthModel();

  /** What a run writes: numbers of pairs, embeddings of texts. */
  private EncodedPairs.Interactions run(List<PreferencePair> pairs, Arena arena)
      throws IOException {
    try (EncodingStore store = EncodingStore.open(dir.resolve("pairs"), 2);
        EncodingStore texts = EncodingStore.open(dir.resolve("texts"), 1)) {
      InteractionEncoder encoder = new InteractionEncoder(store, texts).add(pairs);
      encoder.encode(model, n -> {});
      return encoder.encoded(pairs, arena);
    }
  }

  @Test
  void eachPromptWithEachOfItsResponsesIsReadOnceAndNotAgainInTheNextRun() throws IOException {
    List<PreferencePair> pairs =
        List.of(pair("p", "aa", "bbb"), pair("qq", "aa", "c"), pair("p", "bbb", "aa"));
    try (Arena arena = Arena.ofConfined()) {
      run(pairs, arena);
      EncodedPairs.Interactions again = run(pairs, arena);
      assertThat(model.read).containsExactlyInAnyOrder("p aa", "p bbb", "qq aa", "qq c");
      assertThat(row(again, again.chosen()[1])).containsExactly(2, 2);
      assertThat(row(again, again.rejected()[0])).containsExactly(1, 3);
      assertThat(again.at(new int[] {2, 1}).chosen())
          .containsExactly(again.chosen()[2], again.chosen()[1]);
    }
  }

  @Test
  void pairsOfOnePromptAreReadNextToEachOther() throws IOException {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      pairs.add(pair("prompt " + i % 3, "chosen " + (10 + i), "rejected " + (10 + i)));
    }
    try (Arena arena = Arena.ofConfined()) {
      run(pairs, arena);
    }
    int changes = 0;
    for (int i = 1; i < model.read.size(); i++) {
      changes +=
          model.read.get(i).substring(0, 8).equals(model.read.get(i - 1).substring(0, 8)) ? 0 : 1;
    }
    assertThat(model.read).hasSize(24);
    assertThat(changes).isEqualTo(2);
  }

  @Test
  void theEmbeddingsThatAreReadBesideAreKeptForTheTexts() throws IOException {
    List<PreferencePair> pairs = List.of(pair("p", "aa", "bbb"), pair("qq", "aa", "c"));
    try (Arena arena = Arena.ofConfined()) {
      run(pairs, arena);
      try (EncodingStore texts = EncodingStore.open(dir.resolve("texts"), 1)) {
        PairEncoder encoder = new PairEncoder(texts, ResponseInput.RESPONSE).add(pairs);
        assertThat(encoder.missing()).isZero();
        assertThat(texts.size()).isEqualTo(5);
        EncodedPairs encoded = encoder.encoded(pairs, arena);
        float[] lengths = new float[2];
        encoded.encodings().copy(encoded.prompts()[1], lengths, 0);
        encoded.encodings().copy(encoded.rejected()[0], lengths, 1);
        assertThat(lengths).containsExactly(2, 3);
      }
    }
  }

  @Test
  @NeedsEngine
  void dataIsEncodedWithItsInteractionsByTheRealPath() throws IOException {
    EncoderSpec plain = TinyModels.onClassPath(ResponseInput.RESPONSE);
    EncoderSpec layered = plain.withInteraction(List.of(1, 2), 32);
    Path lines = dir.resolve("made.jsonl");
    StringBuilder made = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      made.append(
          """
          {"prompt": "Why is number %d odd?", "chosen": "Number %d is odd, as %d is.", "rejected": "No."}
          """
              .formatted(i % 3, i, i + 2));
    }
    Files.writeString(lines, made);
    TrainingData data =
        TrainingData.read(
            List.of(DataFile.parse(lines.toString())), List.of(), PairReader.OnBadLine.STOP);
    ModelSettings settings =
        new ModelSettings(TorchDevice.CPU, TorchDtype.FP32, dir.resolve("cache"), 512, 65_536);
    try (Arena arena = Arena.ofConfined();
        EmbeddingModel alone = RewardModels.openEncoder(layered, settings)) {
      EncodedPairs encoded = EncodedData.of(data, layered, settings, arena);
      EncodedPairs.Interactions interactions = Objects.requireNonNull(encoded.interactions());
      assertThat(interactions.encodings().dimension()).isEqualTo(2 * InteractionFeatures.PER_LAYER);
      for (int i = 0; i < encoded.size(); i++) {
        PreferencePair pair = encoded.pairs().get(i);
        EmbeddingModel.PairRows one =
            alone.readPairs(List.of(pair.prompt()), List.of(pair.chosen()), n -> {});
        assertThat(row(interactions, interactions.chosen()[i]))
            .containsExactly(one.interactions()[0], within(1e-4f));
        float[] phi = new float[encoded.encodings().dimension()];
        encoded.encodings().copy(encoded.chosen()[i], phi, 0);
        assertThat(phi).containsExactly(one.responses()[0], within(1e-4f));
      }
      assertThat(EncodedData.of(data, plain, settings, arena).interactions()).isNull();
      EncodedPairs twice = EncodedData.of(data, layered, settings, arena);
      assertThat(Objects.requireNonNull(twice.interactions()).chosen())
          .isEqualTo(interactions.chosen());
    }
  }

  /** What is trained on is what is served, chats and cut texts too. */
  @Test
  @NeedsEngine
  void marginsOfEncodedPairsAreThoseOfTheServedModel() throws IOException {
    EncoderSpec layered =
        TinyModels.onClassPath(ResponseInput.RESPONSE).withInteraction(List.of(2), 16);
    Random random = new Random(8);
    int d = layered.dimension();
    Head head =
        new Head(
            TestBundles.matrix(random, 4, d),
            new float[4],
            TestBundles.matrix(random, 2, 4),
            new float[2],
            TestBundles.matrix(random, 2, d));
    List<String> names = PairFeatures.known(layered.interactionLayers());
    float[] ones = new float[names.size()];
    Arrays.fill(ones, 1);
    PairFeatures pair =
        new PairFeatures(
            names,
            new float[names.size()],
            ones,
            new float[names.size()],
            ones,
            TestBundles.matrix(random, 2, names.size()),
            Fluency.unknown());
    Path bundle = dir.resolve("bundle");
    Bundles.write(bundle, TinyModels.bundle(2, layered, head).withPair(pair));
    Path lines =
        Files.writeString(
            dir.resolve("chats.jsonl"),
            """
            {"prompt": "Why is 3 odd?", "chosen": "Two does not divide it.", "rejected": "?"}
            {"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "Yes."}, {"role": "user", "content": "Why?"}], "chosen": "%s", "rejected": "No."}
            """
                .formatted("old words ".repeat(30), "Since it is so. ".repeat(40)));
    TrainingData data =
        TrainingData.read(
            List.of(DataFile.parse(lines.toString())), List.of(), PairReader.OnBadLine.STOP);
    ModelSettings settings =
        new ModelSettings(TorchDevice.CPU, TorchDtype.FP32, dir.resolve("cache"), 512, 65_536);
    try (Arena arena = Arena.ofConfined();
        RewardModel model = RewardModels.load(bundle, settings)) {
      EncodedPairs encoded = EncodedData.of(data, layered, settings, arena);
      PairScores scores =
          PairScores.of(head, encoded)
              .withPair(pair, layered.interactionLayers(), encoded.pairs(), encoded.interactions());
      for (int i = 0; i < encoded.size(); i++) {
        PreferencePair asked = encoded.pairs().get(i);
        ScoreItem item = new ScoreItem(asked.prompt(), List.of(asked.chosen(), asked.rejected()));
        PromptScores served =
            ((ScoreResult.Scored) model.score(List.of(item), ScoreOptions.DEFAULT))
                .items()
                .getFirst();
        for (int k = 0; k < 2; k++) {
          float margin =
              served.responses().get(0).rewards()[k] - served.responses().get(1).rewards()[k];
          assertThat(scores.margins()[i][k]).isCloseTo(margin, within(1e-3f));
        }
        assertThat(scores.routing()[i]).containsExactly(served.routing(), within(1e-4f));
      }
    }
  }

  @Test
  @NeedsEngine
  void anEncoderWithoutLayersReadsNoPairs() {
    EncoderSpec plain = TinyModels.onClassPath(ResponseInput.RESPONSE);
    ModelSettings settings =
        new ModelSettings(TorchDevice.CPU, TorchDtype.FP32, dir.resolve("cache"), 512, 65_536);
    try (EmbeddingModel model = RewardModels.openEncoder(plain, settings)) {
      assertThatThrownBy(() -> model.readPairs(List.of(new Prompt("p")), List.of("r"), n -> {}))
          .isInstanceOf(UnsupportedOperationException.class);
    }
    assertThatThrownBy(() ->
            TinyModels.onClassPath(ResponseInput.PROMPT_AND_RESPONSE)
                .withInteraction(List.of(1), 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("read apart");
  }

  private static float[] row(EncodedPairs.Interactions interactions, int row) {
    float[] numbers = new float[interactions.encodings().dimension()];
    interactions.encodings().copy(row, numbers, 0);
    return numbers;
  }

  private static PreferencePair pair(String prompt, String chosen, String rejected) {
    return new PreferencePair(
        "made", "id", null, "", new Prompt(prompt), chosen, rejected, 1, null, null);
  }

  /** Says of every text its length, and remembers what pairs it was asked for. */
  private static final class LengthModel implements EmbeddingModel {
    private final List<String> read = new ArrayList<>();

    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public PairRows readPairs(List<Prompt> prompts, List<String> responses, IntConsumer done) {
      int n = prompts.size();
      PairRows rows = new PairRows(new float[n][], new float[n][], new float[n][]);
      for (int i = 0; i < n; i++) {
        int prompt = prompts.get(i).text().length();
        int response = responses.get(i).length();
        read.add(prompts.get(i).text() + " " + responses.get(i));
        rows.prompts()[i] = new float[] {prompt};
        rows.responses()[i] = new float[] {response};
        rows.interactions()[i] = new float[] {prompt, response};
      }
      return rows;
    }

    @Override
    public float[][] embed(List<String> texts, IntConsumer done) {
      throw new AssertionError("texts are not read twice");
    }

    @Override
    public float[][] embedResponses(
        List<Prompt> prompts, List<String> responses, IntConsumer done) {
      throw new AssertionError("texts are not read twice");
    }

    @Override
    public void close() {}
  }
}
