package dev.palate.core.bundle;

import dev.palate.core.traits.InteractionFeatures;
import java.util.List;
import java.util.Locale;

/**
 * Which encoder a bundle stands on, and what it reads.
 *
 * @param kind {@code bert}: pretrained BERT-family weights assembled by Palate; {@code
 *     torchscript}: the bundle's own {@code reward-model.pt}; {@code remote}: served by another
 *     program ({@code RemoteEncoderSettings})
 * @param source for {@code bert}: {@code classpath:NAME}, {@code NAME.onnx} and {@code
 *     NAME-tokenizer.json} of a Maven artifact, or {@code directory:PATH}, a Hugging Face
 *     directory; PATH is taken as it stands, a relative one against the working directory. For
 *     {@code torchscript}: the file's name in the bundle. For {@code remote}: the model's name on
 *     its server
 * @param sha256 of the weights file, checked before it is loaded; empty for {@code remote}
 * @param settingsSha256 of a directory's {@code config.json} and {@code tokenizer.json}, one after
 *     the other, which decide how its weights read a text; of {@code torchscript}, of the bundle's
 *     {@code tokenizer.json}; checked whenever it is opened. Empty elsewhere: on the class path
 *     they come with the weights; and in bundles of {@code torchscript} that an older Palate wrote
 * @param dimension d of what is read of a text: the embedding, then the style features
 * @param maxTokens sequence limit, special tokens included
 * @param responseInput what the experts read
 * @param styleFeatures names of the last coordinates of a text: counted traits ({@link
 *     StyleFeatures}); empty: the embedding alone
 * @param pooling how the states of a text's tokens become its embedding; of {@code remote} its
 *     server's own matter
 * @param maxPromptTokens sequence limit of a prompt that is read alone, special tokens included
 * @param interactionLayers layers whose token states of prompt and response are compared ({@link
 *     InteractionFeatures}), ascending, counted from 1; the states of layer 1 are those after the
 *     first transformer layer. Empty: none are
 * @param fingerprint of {@code remote}, by which the model is known again (the embedding of one
 *     text, projected to {@value #FINGERPRINT_LENGTH} numbers); elsewhere empty
 */
public record EncoderSpec(
    Kind kind,
    String source,
    String sha256,
    String settingsSha256,
    int dimension,
    int maxTokens,
    ResponseInput responseInput,
    List<String> styleFeatures,
    Pooling pooling,
    int maxPromptTokens,
    List<Integer> interactionLayers,
    List<Double> fingerprint) {

  /** Shortest sequence limit of an encoder, in tokens. */
  public static final int MIN_TOKENS = 8;

  /** Numbers of a remote encoder's fingerprint. */
  public static final int FINGERPRINT_LENGTH = 64;

  /** Prefix of the source of an encoder on the class path. */
  public static final String CLASS_PATH = "classpath:";

  /** Prefix of the source of an encoder in a Hugging Face directory. */
  public static final String DIRECTORY = "directory:";

  /** Below it another model answers: two directions that have nothing in common are within 0.5. */
  private static final double LEAST_COSINE = 0.97;

  /**
   * @throws IllegalArgumentException where the encoder cannot read so
   */
  public EncoderSpec {
    styleFeatures = List.copyOf(styleFeatures);
    interactionLayers = List.copyOf(interactionLayers);
    fingerprint = List.copyOf(fingerprint);
    if (maxPromptTokens > maxTokens) {
      throw new IllegalArgumentException(
          "'max_prompt_tokens' is %d; it must not be more than 'max_tokens', %d"
              .formatted(maxPromptTokens, maxTokens));
    }
    if (!interactionLayers.isEmpty()) {
      requireTokenStates(kind, responseInput, interactionLayers);
    }
  }

  private static void requireTokenStates(
      Kind kind, ResponseInput responseInput, List<Integer> layers) {
    if (kind != Kind.BERT) {
      throw new IllegalArgumentException(
          "'interaction_layers' need the states of tokens, which an encoder of kind %s does not give; only one of kind bert does"
              .formatted(kind.name().toLowerCase(Locale.ROOT)));
    }
    if (responseInput != ResponseInput.RESPONSE) {
      throw new IllegalArgumentException(
          "'interaction_layers' compare prompt and response that are read apart; 'response_input' must be response");
    }
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i) <= (i == 0 ? 0 : layers.get(i - 1))) {
        throw new IllegalArgumentException(
            "'interaction_layers' must ascend from 1, they are " + layers);
      }
    }
  }

  /** An encoder that is known by its files' hashes. */
  public EncoderSpec(
      Kind kind,
      String source,
      String sha256,
      String settingsSha256,
      int dimension,
      int maxTokens,
      ResponseInput responseInput,
      List<String> styleFeatures,
      Pooling pooling) {
    this(
        kind,
        source,
        sha256,
        settingsSha256,
        dimension,
        maxTokens,
        responseInput,
        styleFeatures,
        pooling,
        maxTokens,
        List.of(),
        List.of());
  }

  /** An encoder that another program serves. */
  public static EncoderSpec remote(
      String model,
      int dimension,
      int maxTokens,
      ResponseInput responseInput,
      List<Double> fingerprint) {
    return new EncoderSpec(
        Kind.REMOTE,
        model,
        "",
        "",
        dimension,
        maxTokens,
        responseInput,
        List.of(),
        Pooling.MEAN,
        maxTokens,
        List.of(),
        fingerprint);
  }

  /** An encoder without settings of its own, whose states are averaged. */
  public EncoderSpec(
      Kind kind,
      String source,
      String sha256,
      int dimension,
      int maxTokens,
      ResponseInput responseInput,
      List<String> styleFeatures) {
    this(
        kind, source, sha256, "", dimension, maxTokens, responseInput, styleFeatures, Pooling.MEAN);
  }

  /** An encoder whose texts are read by their embedding alone. */
  public EncoderSpec(
      Kind kind,
      String source,
      String sha256,
      int dimension,
      int maxTokens,
      ResponseInput responseInput) {
    this(kind, source, sha256, dimension, maxTokens, responseInput, List.of());
  }

  /** The same encoder, whose texts are read by their embedding alone. */
  public EncoderSpec withoutStyleFeatures() {
    return new EncoderSpec(
        kind,
        source,
        sha256,
        settingsSha256,
        embeddingDimension(),
        maxTokens,
        responseInput,
        List.of(),
        pooling,
        maxPromptTokens,
        interactionLayers,
        fingerprint);
  }

  /** The same encoder, known by its settings too. */
  EncoderSpec withSettings(String sha256OfSettings) {
    return new EncoderSpec(
        kind,
        source,
        sha256,
        sha256OfSettings,
        dimension,
        maxTokens,
        responseInput,
        styleFeatures,
        pooling,
        maxPromptTokens,
        interactionLayers,
        fingerprint);
  }

  /**
   * The same encoder, whose token states of prompt and response are compared too.
   *
   * @param layers ascending, from 1; empty: none
   * @param promptTokens sequence limit of a prompt
   */
  public EncoderSpec withInteraction(List<Integer> layers, int promptTokens) {
    return new EncoderSpec(
        kind,
        source,
        sha256,
        settingsSha256,
        dimension,
        maxTokens,
        responseInput,
        styleFeatures,
        pooling,
        promptTokens,
        layers,
        fingerprint);
  }

  /** Whether token states of prompt and response are compared. */
  public boolean readsInteraction() {
    return !interactionLayers.isEmpty();
  }

  /** Whether a remote encoder's fingerprint is that of this one. */
  public boolean knows(List<Double> other) {
    if (other.size() != fingerprint.size()) {
      return false;
    }
    double product = 0;
    double first = 0;
    double second = 0;
    for (int i = 0; i < other.size(); i++) {
      product += fingerprint.get(i) * other.get(i);
      first += fingerprint.get(i) * fingerprint.get(i);
      second += other.get(i) * other.get(i);
    }
    return product >= LEAST_COSINE * Math.sqrt(first * second);
  }

  /** Coordinates of the embedding alone. */
  public int embeddingDimension() {
    return dimension - styleFeatures.size();
  }

  /** The ways an encoder comes to be. */
  public enum Kind {
    BERT,
    TORCHSCRIPT,
    REMOTE
  }

  /** What of the last layer's states is the embedding, before it is scaled to length 1. */
  public enum Pooling {
    /** The mean over the tokens. */
    MEAN,
    /** The state of the first token, {@code [CLS]}. */
    CLS
  }

  /** The text of which phi(x, y) is the embedding. */
  public enum ResponseInput {
    /** The response alone; the prompt acts through the routing. */
    RESPONSE,
    /**
     * Prompt and response as one sequence; the prompt is cut first where both do not fit. A remote
     * encoder reads them parted by a blank line.
     */
    PROMPT_AND_RESPONSE
  }
}
