package dev.palate.lab.sets;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Accuracy on the everyday set, beside the rules "the longer one" and "the shorter one". A tie is
 * half right.
 *
 * @param macro means over kinds, {@value #OUTSIDE_MACRO} left out
 * @param pairs accuracy over the pairs of those kinds
 */
record EverydayReport(List<Kind> kinds, Macro macro, Kind pairs) {

  /** Small encoders know no facts: the kind is reported and is no part of the macro. */
  static final String OUTSIDE_MACRO = "facts";

  /**
   * @param longer accuracy of preferring the response with more characters
   * @param shorter accuracy of preferring the one with fewer
   */
  record Kind(String kind, Proportion accuracy, double longer, double shorter) {}

  record Macro(int kinds, int n, double accuracy, double longer, double shorter) {}

  static EverydayReport of(EvaluationSet set, PairScorer scorer) {
    List<Kind> kinds = new ArrayList<>();
    for (String kind : set.groups()) {
      List<TextPair> pairs = set.group(kind);
      kinds.add(kind(kind, pairs, scorer.margins(pairs)));
    }
    List<Kind> inMacro = kinds.stream().filter(kind -> !kind.kind.equals(OUTSIDE_MACRO)).toList();
    return new EverydayReport(kinds, macro(inMacro), pairs(inMacro));
  }

  private static Kind kind(String name, List<TextPair> pairs, double[] margins) {
    double[] lengths = pairs.stream().mapToDouble(TextPair::lengthDifference).toArray();
    return new Kind(
        name,
        Proportion.rightOf(margins),
        Proportion.right(lengths, 1) / pairs.size(),
        Proportion.right(lengths, -1) / pairs.size());
  }

  private static Macro macro(List<Kind> kinds) {
    return new Macro(
        kinds.size(),
        kinds.stream().mapToInt(kind -> kind.accuracy.n()).sum(),
        kinds.stream().mapToDouble(kind -> kind.accuracy.value()).average().orElse(Double.NaN),
        kinds.stream().mapToDouble(Kind::longer).average().orElse(Double.NaN),
        kinds.stream().mapToDouble(Kind::shorter).average().orElse(Double.NaN));
  }

  private static Kind pairs(List<Kind> kinds) {
    double right = 0;
    double longer = 0;
    double shorter = 0;
    int n = 0;
    for (Kind kind : kinds) {
      n += kind.accuracy.n();
      right += kind.accuracy.value() * kind.accuracy.n();
      longer += kind.longer * kind.accuracy.n();
      shorter += kind.shorter * kind.accuracy.n();
    }
    return new Kind("pairs", Proportion.of(right, n), longer / n, shorter / n);
  }

  /** As a table of fixed width. */
  String table() {
    StringBuilder table = new StringBuilder();
    line(
        table,
        "%-18s %4s  %8s  %-14s  %6s  %7s",
        "kind",
        "n",
        "accuracy",
        "95 %",
        "longer",
        "shorter");
    kinds.forEach(kind -> row(table, kind.kind, kind));
    line(
        table,
        "%-18s %4d  %8.3f  %-14s  %6.3f  %7.3f",
        "macro, %d kinds*".formatted(macro.kinds),
        macro.n,
        macro.accuracy,
        "",
        macro.longer,
        macro.shorter);
    row(table, "pairs*", pairs);
    line(table, "* without " + OUTSIDE_MACRO);
    return table.toString();
  }

  private static void row(StringBuilder table, String name, Kind kind) {
    line(
        table,
        "%-18s %4d  %8.3f  [%.3f, %.3f]  %6.3f  %7.3f",
        name,
        kind.accuracy.n(),
        kind.accuracy.value(),
        kind.accuracy.low(),
        kind.accuracy.high(),
        kind.longer,
        kind.shorter);
  }

  private static void line(StringBuilder table, String format, Object... values) {
    table.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
