package dev.palate.taste;

/**
 * One preference label as the solver sees it.
 *
 * @param margins D_i, {@code float[k]}: expert rewards of chosen less those of rejected
 * @param routing {@code float[k]}: the dense routing of the label's prompt
 * @param strength g_i, in (0, 1]
 */
public record LabelMargin(float[] margins, float[] routing, double strength) {}
