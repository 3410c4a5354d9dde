package dev.palate.reward;

/**
 * Which encoder a bundle stands on, and what it reads.
 *
 * @param kind {@code bert}: pretrained BERT-family weights assembled by Palate; {@code
 *     torchscript}: the bundle's own {@code reward-model.pt}
 * @param source for {@code bert}: {@code classpath:all-minilm-l6-v2}; for {@code torchscript}: the
 *     file's name in the bundle
 * @param sha256 of the weights file, checked before it is loaded
 * @param dimension d of the embedding
 * @param maxTokens sequence limit, special tokens included
 * @param responseInput what the experts read
 */
public record EncoderSpec(
    Kind kind,
    String source,
    String sha256,
    int dimension,
    int maxTokens,
    ResponseInput responseInput) {

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
