package dev.palate.lab.sets;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What labels do for made users.
 *
 * @param labels the numbers of labels n; every list of a figure per n has this order, and null
 *     where the pairs do not suffice for n
 * @param worstTrait the lowest accuracy of the traits
 * @param macroWithMistakes {@code macro} where 15 % of labels are the wrong way
 * @param coinFlips users whose labels are coin flips
 */
record TasteReport(
    int draws,
    List<Integer> labels,
    List<Trait> traits,
    List<@Nullable Double> macro,
    List<@Nullable Double> worstTrait,
    List<@Nullable Double> macroWithMistakes,
    List<CoinFlips> coinFlips,
    Garbage garbage) {

  /**
   * @param accuracy on held-out pairs, mean over both directions and all draws
   * @param accuracyWithMistakes the same where 15 % of labels are the wrong way
   */
  record Trait(
      String trait,
      int pairs,
      int heldOut,
      List<@Nullable Double> accuracy,
      List<@Nullable Double> accuracyWithMistakes) {}

  /**
   * @param anySignificant share of users with at least one significant expert
   * @param expertsSignificant share of experts that are significant, mean over users
   */
  record CoinFlips(int labels, int users, double anySignificant, double expertsSignificant) {}

  /**
   * What a taste costs on everyday pairs that no taste should decide.
   *
   * @param labels of each user
   * @param accuracy per kind, without a user
   * @param worst per kind, the largest loss of the tastes
   */
  record Garbage(
      int labels,
      List<String> kinds,
      List<Double> accuracy,
      List<Loss> tastes,
      List<Double> worst) {}

  /**
   * @param prefers {@code more} or {@code less} of the trait
   * @param points per kind, accuracy without a user less accuracy under the taste, times 100
   */
  record Loss(String trait, String prefers, List<Double> points) {}
}
