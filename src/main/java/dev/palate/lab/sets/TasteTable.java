package dev.palate.lab.sets;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A {@link TasteReport} as tables of fixed width. */
final class TasteTable {

  private final TasteReport report;
  private final StringBuilder text = new StringBuilder();

  private TasteTable(TasteReport report) {
    this.report = report;
  }

  static String of(TasteReport report) {
    TasteTable table = new TasteTable(report);
    table.accuracy();
    table.coinFlips();
    table.garbage();
    return table.text.toString();
  }

  private void accuracy() {
    line(
        "Made users: accuracy on held-out pairs after n labels, both directions, %d draws",
        report.draws());
    text.append("%-19s %5s  %8s".formatted("trait", "pairs", "held out"));
    report.labels().forEach(n -> text.append("%7s".formatted("n=" + n)));
    line("");
    for (TasteReport.Trait trait : report.traits()) {
      text.append("%-19s %5d  %8d".formatted(trait.trait(), trait.pairs(), trait.heldOut()));
      figures(trait.accuracy());
    }
    summary("macro", report.macro());
    summary("worst trait", report.worstTrait());
    summary("macro, 15 % flipped", report.macroWithMistakes());
    if (report.traits().stream().anyMatch(trait -> trait.accuracy().contains(null))) {
      line("n/a: more labels than the pairs that are not held out");
    }
    line("");
  }

  private void summary(String name, List<@Nullable Double> figures) {
    text.append("%-19s %5s  %8s".formatted(name, "", ""));
    figures(figures);
  }

  private void figures(List<@Nullable Double> figures) {
    for (Double figure : figures) {
      text.append(
          figure == null ? "%7s".formatted("n/a") : String.format(Locale.ROOT, "%7.3f", figure));
    }
    line("");
  }

  private void coinFlips() {
    line(
        "Users who flip coins (%d): false claims",
        report.coinFlips().stream().mapToInt(TasteReport.CoinFlips::users).max().orElse(0));
    line("%6s  %28s  %19s", "labels", "users with a significant one", "experts significant");
    report
        .coinFlips()
        .forEach(row ->
            line(
                "%6d  %28.3f  %19.3f",
                row.labels(), row.anySignificant(), row.expertsSignificant()));
    line("");
  }

  private void garbage() {
    TasteReport.Garbage garbage = report.garbage();
    line(
        "Everyday pairs under a taste of %d labels: points lost against no user", garbage.labels());
    text.append("%-19s %-7s".formatted("trait", "prefers"));
    garbage.kinds().forEach(kind -> text.append("%11s".formatted(kind)));
    line("");
    for (TasteReport.Loss taste : garbage.tastes()) {
      text.append("%-19s %-7s".formatted(taste.trait(), taste.prefers()));
      points(taste.points(), "%11.1f");
    }
    text.append("%-19s %-7s".formatted("largest loss", ""));
    points(garbage.worst(), "%11.1f");
    text.append("%-19s %-7s".formatted("accuracy, no user", ""));
    points(garbage.accuracy(), "%11.3f");
  }

  private void points(List<Double> figures, String format) {
    for (double figure : figures) {
      // Adding 0 turns -0 into 0
      text.append(String.format(Locale.ROOT, format, figure + 0.0));
    }
    line("");
  }

  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}
