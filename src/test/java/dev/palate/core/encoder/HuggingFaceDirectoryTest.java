package dev.palate.core.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.EncoderSpec.Pooling;
import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.bundle.Safetensors;
import dev.palate.core.bundle.StyleFeatures;
import dev.palate.core.bundle.Tensor;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.torch.Archive;
import dev.palate.core.model.torch.Bf16;
import dev.palate.core.model.torch.TinyDirectory;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A BERT of a Hugging Face directory: read as it is meant, or refused by what does not fit. */
@NeedsEngine
class HuggingFaceDirectoryTest {

  private static final long SEED = 4;
  private static final List<String> TEXTS =
      List.of(
          "", "I think.", "You was the day , please ! Not 12", "the day was ".repeat(30), "Quiz?");

  @TempDir Path temp;
  private Path dir = Path.of("");

  @BeforeEach
  void write() {
    dir = TinyDirectory.write(temp.resolve("tiny"), SEED);
  }

  @ParameterizedTest
  @CsvSource({
    "MEAN, '', F32",
    "CLS, '', F32",
    "MEAN, bert., F16",
    "CLS, bert., F16",
    "MEAN, '', BF16",
    "CLS, bert., BF16"
  })
  void itEmbedsAsASlowForwardDoes(Pooling pooling, String prefix, String dtype) throws IOException {
    TinyDirectory.weights(dir, SEED, prefix, dtype);
    TinyDirectory.pooling(dir, pooling == Pooling.CLS ? "cls_token" : "mean_tokens");
    EncoderSpec encoder = encoder(null, false);

    assertThat(encoder.pooling()).isEqualTo(pooling);
    assertThat(worstDifference(encoder, TorchDtype.FP32)).isLessThan(1e-5);
  }

  @ParameterizedTest
  @CsvSource({"mean_tokens", "cls_token"})
  void inBf16ItDoesSoToItsPrecision(String mode) throws IOException {
    TinyDirectory.pooling(dir, mode);
    if (!Bf16.runsHere()) {
      Bf16.assertRefused(() -> worstDifference(encoder(null, false), TorchDtype.BF16));
      return;
    }
    assertThat(worstDifference(encoder(null, false), TorchDtype.BF16)).isLessThan(5e-2);
  }

  @Test
  void withoutPoolingConfigurationStatesAreAveraged() {
    assertThat(encoder(null, false).pooling()).isEqualTo(Pooling.MEAN);
  }

  @Test
  void normsUnderTheirOldNamesAreRead() throws IOException {
    Map<String, Tensor> old = new HashMap<>();
    tensors()
        .forEach((name, tensor) ->
            old.put(
                name.replace("LayerNorm.weight", "LayerNorm.gamma")
                    .replace("LayerNorm.bias", "LayerNorm.beta"),
                tensor));
    List<String> today = tensors().keySet().stream().filter(n -> n.contains("LayerNorm")).toList();
    String settings = encoder(null, false).settingsSha256();
    Map<String, Tensor> before = tensors();
    TinyDirectory.weights(dir, SEED, today, old);

    EncoderSpec encoder = encoder(null, false);
    assertThat(encoder.settingsSha256()).isEqualTo(settings);
    assertThat(worstDifference(encoder, TorchDtype.FP32, before)).isLessThan(1e-5);
  }

  @Test
  void itsSpecSaysWhatItIs() {
    EncoderSpec encoder = encoder(null, true);
    assertThat(encoder.source()).isEqualTo("directory:" + dir);
    assertThat(encoder.dimension()).isEqualTo(TinyDirectory.WIDTH + StyleFeatures.NAMES.size());
    assertThat(encoder.maxTokens()).isEqualTo(TinyDirectory.POSITIONS);
    assertThat(encoder(20, false).maxTokens()).isEqualTo(20);
  }

  @Test
  void styleFeaturesOfACasedVocabularyCountWordsInCapitals() {
    try (EmbeddingModel model = RewardModels.openEncoder(encoder(null, true), fp32())) {
      float[] row = model.embed(List.of("I think You was Not 12, please!"), done -> {})[0];
      Map<String, Double> counts = new HashMap<>();
      for (int f = 0; f < StyleFeatures.NAMES.size(); f++) {
        counts.put(StyleFeatures.NAMES.get(f), Math.expm1(row[TinyDirectory.WIDTH + f]));
      }
      for (String once :
          List.of("first_person", "second_person", "negations", "numbers", "commas")) {
        assertThat(counts.get(once)).as(once).isCloseTo(1, within(1e-5));
      }
    }
  }

  @Test
  void aTokenizerOfOtherPiecesHasNoStyleFeatures() throws IOException {
    String unigram =
        """
        {"added_tokens":[],"model":{"type":"Unigram","vocab":[["<s>",0.0],["a",-1.0]]}}\
        """;
    Files.writeString(dir.resolve("tokenizer.json"), unigram);

    assertThatThrownBy(() -> encoder(null, true))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll("Unigram", "--no-style-features");
    assertThat(encoder(null, false).styleFeatures()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model_type | roberta | bert",
        "model_type | '' | is missing",
        "hidden_act | gelu_new | assembles",
        "position_embedding_type | relative_key | absolute",
        "num_attention_heads | '' | is missing",
        "num_attention_heads | 0 | 1 or more",
        "num_attention_heads | 3 | hidden_size 20 is no multiple",
        "hidden_size | 2.5 | 1 or more",
        "hidden_size | 25 | model.safetensors has 20",
        "num_hidden_layers | 3 | model.safetensors has 2",
        "max_position_embeddings | 512 | model.safetensors has 50",
        "layer_norm_eps | 0 | between 0 and 1",
        "layer_norm_eps | true | between 0 and 1",
        "is_decoder | true | do not see"
      })
  void whatTheConfigurationAsksInVainIsNamed(String key, String value, String message)
      throws IOException {
    Object json =
        switch (value) {
          case "true" -> true;
          case "2.5" -> 2.5;
          default -> value.matches("[0-9]+") ? (Object) Integer.valueOf(value) : value;
        };
    TinyDirectory.config(dir, Map.of(key, json));

    assertThatThrownBy(() -> encoder(null, false))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll("config.json", "'" + key + "'", message);
  }

  @Test
  void whatTheConfigurationMayLeaveOutHasBertsDefault() throws IOException {
    TinyDirectory.config(
        dir, Map.of("hidden_act", "", "position_embedding_type", "", "layer_norm_eps", ""));
    assertThat(EncoderFiles.of("directory:" + dir).read(encoder(null, false).sha256()))
        .extracting(EncoderFiles.Bert::normEpsilon)
        .isEqualTo(1e-12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_tokens", "cls_token mean_tokens", "mean_sqrt_len_tokens", ""})
  void anotherPoolingIsRefused(String modes) throws IOException {
    TinyDirectory.pooling(dir, modes.split(" "));
    assertThatThrownBy(() -> encoder(null, false))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll("1_Pooling", "pooling_mode_cls_token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json"})
  void aMissingFileIsNamedAndWhatToDo(String file) throws IOException {
    Files.delete(dir.resolve(file));
    assertThatThrownBy(() -> encoder(null, false))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll(dir.resolve(file).toString(), "bundle.json", "--encoder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.json", "tokenizer.json", "1_Pooling/config.json"})
  void aFileThatIsNotJsonIsNamed(String file) throws IOException {
    TinyDirectory.pooling(dir, "mean_tokens");
    Files.writeString(dir.resolve(file), "{");
    assertThatThrownBy(() -> encoder(null, false))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining(file.substring(file.lastIndexOf('/') + 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "embeddings.word_embeddings.weight",
        "embeddings.LayerNorm.bias",
        "encoder.layer.1.attention.self.key.weight",
        "encoder.layer.0.intermediate.dense.weight"
      })
  void aTensorThatIsMissingOrMisshapenIsNamed(String name) throws IOException {
    TinyDirectory.weights(dir, SEED, List.of(name), Map.of());
    assertThatThrownBy(() -> encoder(null, false))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining(name);

    TinyDirectory.weights(dir, SEED, List.of(), Map.of(name, Tensor.vector(new float[3])));
    assertThatThrownBy(() -> encoder(null, false))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining(name);
  }

  @Test
  void aTokenizerThatKnowsMoreWordsThanTheWeightsIsRefused() throws IOException {
    Path tokenizer = dir.resolve("tokenizer.json");
    Files.writeString(tokenizer, Files.readString(tokenizer).replace("\"##z\":", "\"##z\":9"));
    assertThatThrownBy(() -> encoder(null, false))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("tokenizer.json knows");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 7, 51})
  void moreTokensThanPositionsOrTooFewAreRefused(int tokens) {
    assertThatThrownBy(() -> encoder(tokens, false))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll("8 to 50 tokens", "--max-tokens");
  }

  @Test
  void otherWeightsOrSettingsThanTrainedOnAreNotOpened() throws IOException {
    EncoderSpec encoder = encoder(null, false);
    TinyDirectory.weights(dir, SEED + 1, "", "F32");
    assertThatThrownBy(() -> RewardModels.openEncoder(encoder, fp32()))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll("model.safetensors has SHA-256", "Put the file");

    TinyDirectory.weights(dir, SEED, "", "F32");
    RewardModels.openEncoder(encoder, fp32()).close();
    TinyDirectory.config(dir, Map.of("num_attention_heads", 4));
    assertThatThrownBy(() -> RewardModels.openEncoder(encoder, fp32()))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll("config.json or tokenizer.json", "train again");
  }

  @Test
  void eachPoolingHasAnArchiveOfItsOwn() throws IOException {
    Path mean = Archive.of(encoder(null, false), null, false, temp.resolve("cache"));
    TinyDirectory.pooling(dir, "cls_token");
    Path cls = Archive.of(encoder(null, false), null, false, temp.resolve("cache"));
    assertThat(cls).isNotEqualTo(mean);
  }

  @Test
  void theDefaultEncoderIsWhatItsNameOnTheClassPathGives() {
    assertThat(RewardModels.encoder(RewardModels.MINILM, ResponseInput.RESPONSE, null, true))
        .isEqualTo(RewardModels.defaultEncoder(ResponseInput.RESPONSE));
    assertThatThrownBy(
            () -> RewardModels.encoder(RewardModels.MINILM, ResponseInput.RESPONSE, 513, true))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("8 to 512 tokens");
  }

  @Test
  void aSourceOfNeitherFormIsRefused() {
    assertThatThrownBy(() -> EncoderFiles.of("hub:some/model"))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll("classpath:NAME", "directory:PATH");
  }

  private EncoderSpec encoder(@Nullable Integer maxTokens, boolean style) {
    return RewardModels.encoder("directory:" + dir, ResponseInput.RESPONSE, maxTokens, style);
  }

  private Map<String, Tensor> tensors() throws IOException {
    Map<String, Tensor> bare = new HashMap<>();
    Safetensors.decode(Files.readAllBytes(dir.resolve("model.safetensors")), "tiny")
        .forEach((name, tensor) -> bare.put(name.replaceFirst("^bert\\.", ""), tensor));
    return bare;
  }

  private double worstDifference(EncoderSpec encoder, TorchDtype dtype) throws IOException {
    return worstDifference(encoder, dtype, tensors());
  }

  private double worstDifference(
      EncoderSpec encoder, TorchDtype dtype, Map<String, Tensor> tensors) {
    SlowBert slow =
        new SlowBert(
            tensors, TinyDirectory.LAYERS, TinyDirectory.HEADS, TinyDirectory.NORM_EPSILON);
    double worst = 0;
    try (EmbeddingModel model = RewardModels.openEncoder(encoder, settings(dtype));
        SequenceTokenizer tokenizer =
            new SequenceTokenizer(Archive.tokenizer(encoder), encoder.maxTokens())) {
      float[][] rows = model.embed(TEXTS, done -> {});
      List<Sequence> sequences = tokenizer.single(TEXTS);
      assertThat(sequences.get(3).length()).isEqualTo(TinyDirectory.POSITIONS);
      for (int i = 0; i < rows.length; i++) {
        double[] expected = slow.embed(sequences.get(i).ids(), encoder.pooling());
        for (int j = 0; j < expected.length; j++) {
          worst = Math.max(worst, Math.abs(rows[i][j] - expected[j]));
        }
      }
    }
    return worst;
  }

  private ModelSettings fp32() {
    return settings(TorchDtype.FP32);
  }

  private ModelSettings settings(TorchDtype dtype) {
    return new ModelSettings(TorchDevice.CPU, dtype, temp.resolve("cache"), 2048, 65_536);
  }
}
