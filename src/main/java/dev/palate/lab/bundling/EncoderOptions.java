package dev.palate.lab.bundling;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.model.remote.RemoteEncoderSettings;
import dev.palate.core.runtime.RewardModels;
import dev.palate.lab.data.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say which encoder reads the texts, and what it reads. */
final class EncoderOptions {

  @Option(
      names = "--encoder",
      paramLabel = "SOURCE",
      description =
          "A BERT: classpath:NAME, or a Hugging Face directory with config.json, model.safetensors and"
              + " tokenizer.json, which must stay where it is as long as the bundle is used"
              + " (default: "
              + RewardModels.MINILM
              + ").")
  private @Nullable String source;

  @Mixin private RemoteEncoderOptions remote = new RemoteEncoderOptions();

  @Option(
      names = "--encoder-model",
      paramLabel = "NAME",
      description =
          "The model's name on the server of --encoder-url; its embeddings in place of --encoder.")
  private @Nullable String model;

  @Option(
      names = "--max-tokens",
      description = "Tokens read of a text (default: 256, or all that the encoder can).")
  private @Nullable Integer maxTokens;

  @Option(
      names = "--max-prompt-tokens",
      description = "Tokens read of a prompt that is read alone (default: --max-tokens).")
  private @Nullable Integer maxPromptTokens;

  @Option(
      names = "--interaction-layers",
      split = ",",
      paramLabel = "LAYER",
      description =
          "Layers of the encoder, from 1, after which the states of the prompt's and the response's tokens are compared;"
              + " the last user turn of a prompt is then read first (default: none).")
  private List<Integer> interactionLayers = new ArrayList<>();

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

  /** Takes {@code prompt-and-response} for {@code PROMPT_AND_RESPONSE}. */
  static final class ResponseInputConverter implements CommandLine.ITypeConverter<ResponseInput> {
    @Override
    public ResponseInput convert(String value) {
      return ResponseInput.valueOf(value.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  /**
   * The encoder asked for.
   *
   * @param standard the encoder where none is named
   * @throws BundleException where it cannot be used
   */
  EncoderSpec encoder(Function<ResponseInput, EncoderSpec> standard) {
    EncoderSpec alone = named(standard);
    int promptTokens = maxPromptTokens == null ? alone.maxTokens() : maxPromptTokens;
    if (promptTokens < EncoderSpec.MIN_TOKENS) {
      throw new DataException(
          "--max-prompt-tokens must be at least " + EncoderSpec.MIN_TOKENS);
    }
    try {
      return alone.withInteraction(interactionLayers, promptTokens);
    } catch (IllegalArgumentException e) {
      throw new DataException(e.getMessage());
    }
  }

  private EncoderSpec named(Function<ResponseInput, EncoderSpec> standard) {
    if (model != null) {
      return remoteEncoder(model);
    }
    EncoderSpec whole = standard.apply(responseInput);
    if (source == null && maxTokens == null) {
      return styleFeatures ? whole : whole.withoutStyleFeatures();
    }
    String named = source == null ? whole.source() : qualified(source);
    return RewardModels.encoder(named, responseInput, maxTokens, styleFeatures);
  }

  private EncoderSpec remoteEncoder(String named) {
    RemoteEncoderSettings settings = remote.settings();
    if (source != null || settings == null) {
      throw new DataException(
          "--encoder-model needs --encoder-url (or PALATE_ENCODER_URL) beside it, and no --encoder");
    }
    return RewardModels.remoteEncoder(named, responseInput, maxTokens, settings);
  }

  /** Where remote encoders are served; null where no URL was given. */
  @Nullable RemoteEncoderSettings remote() {
    return remote.settings();
  }

  private static String qualified(String source) {
    return source.startsWith("classpath:") || source.startsWith("directory:")
        ? source
        : "directory:" + source;
  }
}
