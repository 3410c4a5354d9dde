package dev.palate.lab.evaluate;

import dev.palate.lab.judge.ShiftRule;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The report's headline as a Markdown table. */
final class ReportTable {

  private static final String HEADER =
      """
      | data set | labels | users | pairs | without labels | with labels [95 %] | gain [95 %] | worst tenth | log-loss | with labels | best other rule |
      |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
      """;

  private ReportTable() {}

  static String of(Section section) {
    StringBuilder table = new StringBuilder(HEADER);
    for (Section.Accuracy all : section.accuracy()) {
      if (all.rule().equals(ShiftRule.NAME)) {
        table.append(
            line(
                "| %s | all pairs | %s | %d | %s | | | | %.3f | | %s |",
                all.dataset(),
                all.userAccuracy() == null ? "" : all.userAccuracy().n(),
                all.pairs(),
                interval(all.accuracy(), "%.3f"),
                all.logLoss().value(),
                bestOther(section, all)));
        section.curves().stream()
            .filter(point -> point.dataset().equals(all.dataset()))
            .filter(point -> point.rule().equals(ShiftRule.NAME))
            .forEach(point -> table.append(line(section, point)));
      }
    }
    return table.toString();
  }

  private static String line(Section section, Section.Point point) {
    return line(
        "| %s | %d | %d | | %.3f | %s | %s | %+.3f | %.3f | %.3f | %s |",
        point.dataset(),
        point.shown(),
        point.users(),
        point.unadapted().value(),
        interval(point.adapted(), "%.3f"),
        interval(point.gain(), "%+.3f"),
        point.worstDecile().value(),
        point.logLossUnadapted().value(),
        point.logLossAdapted().value(),
        bestOther(section, point));
  }

  private static String bestOther(Section section, Section.Accuracy ours) {
    Optional<Section.Accuracy> best =
        section.accuracy().stream()
            .filter(other -> other.dataset().equals(ours.dataset()))
            .filter(other -> !other.rule().equals(ShiftRule.NAME))
            .max(Comparator.comparingDouble(other -> other.accuracy().value()));
    return best.map(other -> named(other.accuracy(), other.rule())).orElse("");
  }

  private static String bestOther(Section section, Section.Point ours) {
    return best(section.curves(), ours)
        .map(other -> named(other.adapted(), other.rule()))
        .orElse("");
  }

  /** The rule of the others with the highest accuracy among the same users. */
  private static Optional<Section.Point> best(List<Section.Point> points, Section.Point ours) {
    return points.stream()
        .filter(other -> other.dataset().equals(ours.dataset()))
        .filter(other -> other.shown() == ours.shown() && !other.rule().equals(ShiftRule.NAME))
        .max(Comparator.comparingDouble(other -> other.adapted().value()));
  }

  private static String named(Figure figure, String rule) {
    return String.format(Locale.ROOT, "%.3f %s", figure.value(), rule);
  }

  private static String interval(Figure figure, String format) {
    String value = String.format(Locale.ROOT, format, figure.value());
    return figure.low() == null || figure.high() == null
        ? value
        : String.format(
            Locale.ROOT, "%s [" + format + ", " + format + "]", value, figure.low(), figure.high());
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + "\n";
  }
}
