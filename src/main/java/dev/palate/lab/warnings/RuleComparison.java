package dev.palate.lab.warnings;

import dev.palate.core.bundle.BundleWarning;
import dev.palate.lab.data.PreferencePair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The model without a user's shift against chance and against the rules "longer" and "shorter", on
 * the same pairs. Pairs of one choice are one observation, the mean of its pairs; a tie is half
 * right. Intervals are 95 %: Wilson's for an accuracy, the normal one for the mean paired
 * difference of model and rule. The verdict is that of all data sets pooled, each observation
 * counted once: not above chance where the accuracy's lower bound is at most 0.5, worse than a rule
 * where the upper bound of model less rule is below 0.
 */
final class RuleComparison {

  /** The 97.5 % quantile of the normal distribution. */
  private static final double Z = 1.959963984540054;

  /**
   * Observations of one data set, or of all: share of right orders of each.
   *
   * @param model of the model
   * @param longer of the rule that prefers the longer response, in characters
   */
  private record Sample(String dataset, double[] model, double[] longer) {

    /** Accuracy, lower and upper bound. */
    double[] accuracy() {
      int n = model.length;
      double share = mean(model);
      double z2 = Z * Z / n;
      double centre = (share + z2 / 2) / (1 + z2);
      double half = Z * Math.sqrt(share * (1 - share) / n + z2 / (4 * n)) / (1 + z2);
      return new double[] {share, centre - half, centre + half};
    }

    /** Whether the model is worse than a rule by more than noise. */
    boolean below(double[] rule) {
      int n = model.length;
      double[] difference = new double[n];
      Arrays.setAll(difference, i -> model[i] - rule[i]);
      double mean = mean(difference);
      double squares = Arrays.stream(difference).map(d -> (d - mean) * (d - mean)).sum();
      return n > 1 && mean + Z * Math.sqrt(squares / (n - 1) / n) < 0;
    }

    double[] shorter() {
      return Arrays.stream(longer).map(right -> 1 - right).toArray();
    }

    String told() {
      double[] accuracy = accuracy();
      return String.format(
          Locale.ROOT,
          "%s %.1f %% (%.1f to %.1f)",
          dataset,
          100 * accuracy[0],
          100 * accuracy[1],
          100 * accuracy[2]);
    }

    String told(String rule, double[] right) {
      return String.format(Locale.ROOT, "%s, \"%s\" %.1f %%", told(), rule, 100 * mean(right));
    }
  }

  private RuleComparison() {}

  /**
   * @param pairs of validation, at least one
   * @param margins of the model, one per pair: above 0 where it orders as labelled
   */
  static List<BundleWarning> warnings(List<PreferencePair> pairs, double[] margins) {
    List<Sample> sets = samples(pairs, margins);
    Sample pooled = pooled(sets);
    List<BundleWarning> warnings = new ArrayList<>();
    if (pooled.accuracy()[1] <= 0.5) {
      warnings.add(
          new BundleWarning(
              "not_above_chance",
              "the model is not above chance on validation (%s): check the labels, or add pairs"
                  .formatted(told(sets, pooled, Sample::told))));
    }
    rule(warnings, "longer", sets, pooled);
    rule(warnings, "shorter", sets, pooled);
    return warnings;
  }

  private static void rule(
      List<BundleWarning> warnings, String rule, List<Sample> sets, Sample pooled) {
    if (pooled.below(right(rule, pooled))) {
      warnings.add(
          new BundleWarning(
              "worse_than_" + rule,
              "the model is worse on validation than the rule \"%s response wins\" (%s): add pairs whose responses have like length, or train with shared experts"
                  .formatted(rule, told(sets, pooled, set -> set.told(rule, right(rule, set))))));
    }
  }

  private static double[] right(String rule, Sample set) {
    return rule.equals("longer") ? set.longer() : set.shorter();
  }

  /** Each data set, and all of them where there are several. */
  private static String told(
      List<Sample> sets, Sample pooled, java.util.function.Function<Sample, String> words) {
    String each = sets.stream().map(words).collect(Collectors.joining("; "));
    return sets.size() == 1 ? each : words.apply(pooled) + "; " + each;
  }

  private static List<Sample> samples(List<PreferencePair> pairs, double[] margins) {
    Map<String, Map<String, double[]>> sets = new LinkedHashMap<>();
    for (int i = 0; i < margins.length; i++) {
      PreferencePair pair = pairs.get(i);
      String choice = pair.choice() == null ? "pair " + i : pair.userKey() + "\0" + pair.choice();
      double[] sums =
          sets.computeIfAbsent(pair.dataset(), key -> new LinkedHashMap<>())
              .computeIfAbsent(choice, key -> new double[3]);
      sums[0] += right(margins[i]);
      sums[1] += right(pair.chosen().length() - pair.rejected().length());
      sums[2]++;
    }
    return sets.entrySet().stream()
        .map(set ->
            new Sample(
                set.getKey(),
                set.getValue().values().stream().mapToDouble(sums -> sums[0] / sums[2]).toArray(),
                set.getValue().values().stream().mapToDouble(sums -> sums[1] / sums[2]).toArray()))
        .toList();
  }

  private static Sample pooled(List<Sample> sets) {
    return new Sample(
        "all",
        sets.stream().flatMapToDouble(set -> Arrays.stream(set.model())).toArray(),
        sets.stream().flatMapToDouble(set -> Arrays.stream(set.longer())).toArray());
  }

  private static double right(double margin) {
    return margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }
}
