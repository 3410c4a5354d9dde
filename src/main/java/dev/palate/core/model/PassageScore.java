package dev.palate.core.model;

/**
 * What the model says of one {@link Passage}.
 *
 * @param values {@code float[k]}: the routing of a prompt, the rewards of a response; {@code
 *     float[0]} where the model gave NaN or infinity
 * @param tokens length of the sequence before truncation, special tokens included
 * @param truncated whether only a part of it was read
 */
public record PassageScore(float[] values, int tokens, boolean truncated) {

  public boolean finite() {
    return values.length > 0;
  }
}
