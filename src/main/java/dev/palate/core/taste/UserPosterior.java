package dev.palate.core.taste;

/**
 * What the labels of a user say about the user's shift.
 *
 * @param shift mean of d, {@code double[k]}
 * @param uncertainty standard deviation of d, {@code double[k]}
 * @param significant {@code boolean[k]}: the labels alone show a taste in the shift's direction,
 *     see {@link Significance}
 * @param agreement share of the preferences, by strength, whose chosen response gets the higher
 *     reward at {@code shift}; NaN without preferences
 * @param scaleWeights posterior probability of each scale of the {@link ScaleGrid}
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record UserPosterior(
    double[] shift,
    double[] uncertainty,
    boolean[] significant,
    double agreement,
    double[] scaleWeights) {}
