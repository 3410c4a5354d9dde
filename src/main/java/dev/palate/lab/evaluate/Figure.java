package dev.palate.lab.evaluate;

import org.jspecify.annotations.Nullable;

/**
 * A measured number.
 *
 * @param low the 95 % interval's lower end; null where n is 1
 * @param high its upper end
 * @param n units that the interval was drawn from: users, or prompts where there are no users
 */
record Figure(double value, @Nullable Double low, @Nullable Double high, int n) {}
