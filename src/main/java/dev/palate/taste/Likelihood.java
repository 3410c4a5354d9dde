package dev.palate.taste;

/**
 * How a margin becomes a probability (MODEL.md): {@code e + (1 - 2e) sigmoid(scale * margin)}.
 *
 * @param scale s, positive
 * @param labelNoise e, in [0, 0.5)
 * @param topM how many routing weights are kept, renormalized, before the shift is added
 */
public record Likelihood(double scale, double labelNoise, int topM) {}
