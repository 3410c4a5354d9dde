package dev.palate.core.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.bundle.Safetensors;
import dev.palate.core.bundle.Tensor;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.batching.Forward;
import dev.palate.core.model.torch.Archive;
import dev.palate.core.model.torch.TinyDirectory;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.model.torch.TorchEngine;
import dev.palate.core.model.torch.TorchForward;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import dev.palate.core.traits.InteractionFeatures;
import dev.palate.core.traits.TokenStates;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Token states that an archive answers, against a BERT in plain doubles. */
@NeedsEngine
class TokenStatesTest {

  private static final int WIDTH = TinyDirectory.WIDTH;
  private static final List<Integer> LAYERS = List.of(1, 2);

  @TempDir private static Path temp;
  private static EncoderSpec plain;
  private static SlowBert slow;

  @BeforeAll
  static void encoder() throws IOException {
    Path dir = TinyDirectory.write(temp.resolve("bert"), 7);
    plain = RewardModels.encoder("directory:" + dir, ResponseInput.RESPONSE, null, false);
    Map<String, Tensor> tensors = new HashMap<>();
    Safetensors.decode(Files.readAllBytes(dir.resolve("model.safetensors")), "tiny")
        .forEach((name, tensor) -> tensors.put(name.replaceFirst("^bert\\.", ""), tensor));
    slow =
        new SlowBert(
            tensors, TinyDirectory.LAYERS, TinyDirectory.HEADS, TinyDirectory.NORM_EPSILON);
  }

  private static EncoderSpec layered(List<Integer> layers) {
    return plain.withInteraction(layers, plain.maxTokens());
  }

  private static float[][] run(EncoderSpec encoder, boolean bf16, List<Sequence> sequences) {
    TorchEngine.start();
    Path archive = Archive.of(encoder, null, bf16, temp.resolve("cache"));
    try (Forward forward = new TorchForward(archive, Device.cpu())) {
      int longest = sequences.stream().mapToInt(Sequence::length).max().orElseThrow();
      return forward.run(TokenBatch.of(sequences, TokenBatch.bucket(longest)));
    }
  }

  private static List<Sequence> sequences() {
    try (SequenceTokenizer tokenizer = SequenceTokenizer.of(plain, Archive.tokenizer(plain))) {
      return tokenizer.single(List.of("I was not here, was I?", "No.", "", "You was ".repeat(50)));
    }
  }

  @Test
  void theyAreTheStatesAfterTheirLayersEachOfLength1() {
    List<Sequence> sequences = sequences();
    float[][] rows = run(layered(LAYERS), false, sequences);
    for (int i = 0; i < rows.length; i++) {
      int tokens = sequences.get(i).length();
      assertThat(rows[i]).hasSize(WIDTH + tokens * 2 * WIDTH);
      for (int l = 0; l < 2; l++) {
        double[][] expected = slow.states(sequences.get(i).ids(), LAYERS.get(l));
        for (int t = 0; t < tokens; t++) {
          for (int d = 0; d < WIDTH; d++) {
            assertThat((double) rows[i][WIDTH + (t * 2 + l) * WIDTH + d])
                .isCloseTo(expected[t][d], within(2e-5));
          }
        }
      }
    }
  }

  /** The states do not change what was answered without them. */
  @Test
  void theAnswerBeforeThemIsThatOfTheArchiveWithout() {
    List<Sequence> sequences = sequences();
    float[][] without = run(plain, false, sequences);
    float[][] with = run(layered(List.of(2)), false, sequences);
    for (int i = 0; i < with.length; i++) {
      assertThat(Arrays.copyOf(with[i], WIDTH)).isEqualTo(without[i]);
    }
  }

  @Test
  void eachChoiceOfLayersHasAnArchiveOfItsOwn() {
    Path cache = temp.resolve("cache");
    assertThat(
            List.of(
                Archive.of(plain, null, false, cache),
                Archive.of(layered(List.of(1)), null, false, cache),
                Archive.of(layered(List.of(2)), null, false, cache),
                Archive.of(layered(LAYERS), null, false, cache)))
        .doesNotHaveDuplicates();
    assertThat(Archive.of(layered(List.of()), null, false, cache))
        .isEqualTo(Archive.of(plain, null, false, cache));
  }

  @Test
  void aLayerThatTheEncoderHasNotIsRefused() {
    assertThatThrownBy(
            () ->
                Archive.of(
                    layered(List.of(1, TinyDirectory.LAYERS + 1)),
                    null,
                    false,
                    temp.resolve("cache")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("has %d layers".formatted(TinyDirectory.LAYERS));
  }

  /** Golden parity of the features themselves, special tokens left out, over the real path. */
  @Test
  void pairsAreComparedByTheirTextsTokensAlone() {
    List<Prompt> prompts =
        List.of(new Prompt("Was I here?"), new Prompt("Was I here?"), new Prompt(""));
    List<String> responses = List.of("You was not here, I think.", "", "No.");
    float[][] read;
    try (EmbeddingModel model =
        RewardModels.openEncoder(
            layered(LAYERS),
            new ModelSettings(
                TorchDevice.CPU, TorchDtype.FP32, temp.resolve("cache"), 2048, 65_536))) {
      read = model.readPairs(prompts, responses, done -> {}).interactions();
      assertThat(read[1]).isEqualTo(new float[2 * InteractionFeatures.PER_LAYER]);
      assertThat(read[2]).isEqualTo(new float[2 * InteractionFeatures.PER_LAYER]);
    }
    try (SequenceTokenizer tokenizer = SequenceTokenizer.of(plain, Archive.tokenizer(plain))) {
      List<Sequence> both =
          tokenizer.single(List.of(prompts.getFirst().text(), responses.getFirst()));
      float[] expected =
          InteractionFeatures.of(inner(both.getFirst()), inner(both.getLast()));
      assertThat(read[0]).containsExactly(expected, within(5e-5f));
    }
  }

  /** Of the slow BERT, without the first token and the last. */
  private static TokenStates inner(Sequence sequence) {
    int tokens = sequence.length() - 2;
    float[] values = new float[tokens * 2 * WIDTH];
    for (int l = 0; l < 2; l++) {
      double[][] states = slow.states(sequence.ids(), LAYERS.get(l));
      for (int t = 0; t < tokens; t++) {
        for (int d = 0; d < WIDTH; d++) {
          values[(t * 2 + l) * WIDTH + d] = (float) states[t + 1][d];
        }
      }
    }
    return new TokenStates(values, 0, tokens, 2, WIDTH);
  }
}
