package dev.palate.lab.evaluate;

import java.util.List;
import java.util.Locale;

/**
 * comparisons.json: labels chosen by information gain beside labels at random. Shares are shares,
 * log-losses nats a pair; differences are paired by user, positive is better.
 *
 * @param format raised when the shape changes
 * @param budgets numbers of labels
 */
record ComparisonReport(
    String format,
    List<Integer> budgets,
    int draws,
    long seed,
    List<Point> points,
    List<Reached> reached) {

  static final String FORMAT = "palate-comparisons-1";

  ComparisonReport {
    budgets = List.copyOf(budgets);
    points = List.copyOf(points);
    reached = List.copyOf(reached);
  }

  /**
   * After n labels.
   *
   * @param shown n
   * @param users who have more than n pairs to label, beside those asked about
   * @param pool how many they have, on average
   * @param unadapted accuracy without labels
   */
  record Point(
      String dataset,
      int shown,
      int users,
      double pool,
      Figure unadapted,
      Figure random,
      Figure chosen,
      Figure gain,
      Figure logLossUnadapted,
      Figure logLossRandom,
      Figure logLossChosen,
      Figure logLossGain) {}

  /**
   * How many labels at random do what n chosen ones do, in the mean over users who can give the
   * most.
   *
   * @param shown n
   * @param most as many labels at random were tried; where a number is this, it may be more
   */
  record Reached(
      String dataset, int shown, int users, int most, Figure byAccuracy, Figure byLogLoss) {}

  String markdown() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        | data set | labels | users | pairs to choose from | without labels | at random | by information gain | difference [95 %] | log-loss without | at random | by gain | difference [95 %] |
        |---|---:|---:|---:|---:|---:|---:|---|---:|---:|---:|---|
        """);
    for (Point point : points) {
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %d | %.0f | %.3f | %.3f | %.3f | %s | %.3f | %.3f | %.3f | %s |%n",
              point.dataset(),
              point.shown(),
              point.users(),
              point.pool(),
              point.unadapted().value(),
              point.random().value(),
              point.chosen().value(),
              interval(point.gain(), "%+.4f"),
              point.logLossUnadapted().value(),
              point.logLossRandom().value(),
              point.logLossChosen().value(),
              interval(point.logLossGain(), "%+.4f")));
    }
    out.append(
        """

        | data set | users | labels by information gain | at random, for the same accuracy [95 %] | for the same log-loss [95 %] | tried |
        |---|---:|---:|---|---|---:|
        """);
    for (Reached row : reached) {
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %d | %s | %s | %d |%n",
              row.dataset(),
              row.users(),
              row.shown(),
              interval(row.byAccuracy(), "%.1f"),
              interval(row.byLogLoss(), "%.1f"),
              row.most()));
    }
    return out.toString();
  }

  private static String interval(Figure figure, String format) {
    String value = String.format(Locale.ROOT, format, figure.value());
    return figure.low() == null || figure.high() == null
        ? value
        : String.format(
            Locale.ROOT, "%s [" + format + ", " + format + "]", value, figure.low(), figure.high());
  }
}
