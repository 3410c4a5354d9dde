package dev.palate.core.model;

import java.util.List;

/**
 * The model's whole answer for one {@link ScoreItem}; it belongs to the texts, not to any user.
 *
 * @param routing {@code float[k]}: dense softmax of the router, sums to 1 (MODEL.md, w(x))
 * @param promptTokens length of the prompt's sequence before truncation
 * @param promptTruncated whether the router read only a part of the prompt
 * @param responses one entry per response, in the item's order
 */
public record PromptScores(
    float[] routing, int promptTokens, boolean promptTruncated, List<ResponseScores> responses) {
  public PromptScores {
    responses = List.copyOf(responses);
  }
}
