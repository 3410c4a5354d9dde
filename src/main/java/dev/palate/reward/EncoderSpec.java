package dev.palate.reward;

import java.util.List;

/**
 * Which encoder a bundle stands on, and what it reads.
 *
 * @param kind {@code bert}: pretrained BERT-family weights assembled by Palate; {@code
 *     torchscript}: the bundle's own {@code reward-model.pt}
 * @param source for {@code bert}: {@code classpath:all-minilm-l6-v2}; for {@code torchscript}: the
 *     file's name in the bundle
 * @param sha256 of the weights file, checked before it is loaded
 * @param dimension d of what is read of a text: the embedding, then the style features
 * @param maxTokens sequence limit, special tokens included
 * @param responseInput what the experts read
 * @param styleFeatures names of the last coordinates of a text: counted traits ({@link
 *     StyleFeatures}); empty: the embedding alone
 */
public record EncoderSpec(
    Kind kind,
    String source,
    String sha256,
    int dimension,
    int maxTokens,
    ResponseInput responseInput,
    List<String> styleFeatures) {

  public EncoderSpec {
    styleFeatures = List.copyOf(styleFeatures);
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
        kind, source, sha256, embeddingDimension(), maxTokens, responseInput, List.of());
  }

  /** Coordinates of the embedding alone. */
  int embeddingDimension() {
    return dimension - styleFeatures.size();
  }

  /** The two ways an encoder comes to be. */
  public enum Kind {
    BERT,
    TORCHSCRIPT
  }

  /** The text of which phi(x, y) is the embedding. */
  public enum ResponseInput {
    /** The response alone; the prompt acts through the routing. */
    RESPONSE,
    /** Prompt and response as one sequence; the prompt is cut first where both do not fit. */
    PROMPT_AND_RESPONSE
  }
}
