package dev.palate.server.weights;

import dev.palate.core.bundle.Bundle;
import dev.palate.server.store.StoredWeights;
import dev.palate.server.store.UserId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Versions of a user's weights, newest first.
 *
 * @param next the {@code after} of the following page; null: this is the last
 */
record HistoryPage(
    UserId user, String model, String modelVersion, List<Entry> versions, @Nullable String next) {

  @Schema(name = "WeightsVersion")
  record Entry(
      long version,
      int solverVersion,
      int solvedLabels,
      @Nullable Double agreement,
      Instant solvedAt,
      List<ExpertWeightsView.Expert> experts) {

    static Entry of(Bundle bundle, StoredWeights weights) {
      return new Entry(
          weights.version(),
          weights.solverVersion(),
          weights.labels(),
          Double.isNaN(weights.agreement()) ? null : weights.agreement(),
          weights.solvedAt(),
          ExpertWeightsView.experts(bundle, weights));
    }
  }

  /**
   * @param rows one more than asked for where there are more
   */
  static HistoryPage of(UserId user, Bundle bundle, List<StoredWeights> rows, int limit) {
    boolean more = rows.size() > limit;
    List<StoredWeights> shown = more ? rows.subList(0, limit) : rows;
    return new HistoryPage(
        user,
        bundle.name(),
        bundle.version(),
        shown.stream().map(row -> Entry.of(bundle, row)).toList(),
        more ? Long.toString(shown.getLast().version()) : null);
  }
}
