package dev.palate.lab.judge;

import java.util.function.IntPredicate;

/**
 * A rule that treats all users alike.
 *
 * @param margins {@code double[n]}
 * @param known of which pairs the margin says anything
 */
@SuppressWarnings("ArrayRecordComponent") // rules are never compared
public record FixedRule(String name, double[] margins, IntPredicate known) implements Rule {

  public FixedRule(String name, double[] margins) {
    this(name, margins, pair -> true);
  }

  @Override
  public boolean adapts() {
    return false;
  }

  @Override
  public double unadapted(int pair) {
    return margins[pair];
  }

  @Override
  public Adapted adapt(int[] shown) {
    return this::unadapted;
  }

  @Override
  public boolean covers(int pair) {
    return known.test(pair);
  }
}
