package dev.palate.core.model;

/**
 * What the experts say of one response, before any routing.
 *
 * @param rewards {@code float[k]}: the reward of each expert, in the bundle's expert order
 * @param tokens length of the response's sequence before truncation, special tokens included
 * @param truncated whether the sequence was longer than the model's limit, so that a part was not
 *     read
 */
public record ResponseScores(float[] rewards, int tokens, boolean truncated) {}
