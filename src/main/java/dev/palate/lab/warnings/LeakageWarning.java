package dev.palate.lab.warnings;

import dev.palate.core.bundle.BundleWarning;
import dev.palate.lab.data.LeakingLines;
import java.util.List;
import java.util.stream.Collectors;

/** The warning of lines that were dropped because they would leak. */
final class LeakageWarning {

  private LeakageWarning() {}

  /**
   * @param leaks at least one
   */
  static BundleWarning of(List<LeakingLines> leaks) {
    int count = leaks.stream().mapToInt(LeakingLines::count).sum();
    String where = leaks.stream().map(LeakageWarning::where).collect(Collectors.joining("; "));
    return new BundleWarning(
        "leaking_lines",
        "%d line%s dropped because the user or the prompt is on a test line too (%s): give all lines of a user or a prompt the same 'split'"
            .formatted(count, count == 1 ? " was" : "s were", where));
  }

  private static String where(LeakingLines leak) {
    String numbers = leak.first().stream().map(String::valueOf).collect(Collectors.joining(", "));
    return "%s: line%s %s%s"
        .formatted(
            leak.dataset(),
            leak.count() == 1 ? "" : "s",
            numbers,
            leak.count() > leak.first().size() ? ", ..." : "");
  }
}
