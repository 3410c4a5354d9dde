package dev.palate.server.weights;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.ExpertCard;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A user's taste in words. Only experts whose cards have such words take part, the shared ones.
 *
 * @param leaning the largest shifts whose sign is probable; null without any
 * @param known the significant shifts; null without any
 */
@Schema(description = "The user's taste in words; null where the labels do not tell yet")
public record TasteSummary(
    @Schema(
            description =
                "The largest shifts whose sign has a probability of at least 0.8, with the number"
                    + " of labels",
            example = "So far seems to prefer shorter answers (2 labels)")
        @Nullable String leaning,
    @Schema(
            description = "The significant shifts, largest first",
            example = "Prefers shorter answers, prose without lists")
        @Nullable String known) {

  /** Standard deviations from zero at which a sign has a probability of .8. */
  private static final double PROBABLE = 0.8416;

  private static final int MOST = 3;

  /**
   * @param experts largest shift first
   * @param labels how many the shifts come from
   */
  static TasteSummary of(Bundle bundle, List<ExpertWeightsView.Expert> experts, int labels) {
    if (labels == 0) {
      return new TasteSummary(null, null);
    }
    List<String> leaning = new ArrayList<>();
    List<String> known = new ArrayList<>();
    for (ExpertWeightsView.Expert expert : experts) {
      ExpertCard card = bundle.experts().get(expert.expert());
      String words = expert.shift() > 0 ? card.more() : card.less();
      if (words == null || expert.shift() == 0) {
        continue;
      }
      if (Math.abs(expert.shift()) >= PROBABLE * expert.uncertainty()) {
        leaning.add(words);
      }
      if (expert.significant()) {
        known.add(words);
      }
    }
    return new TasteSummary(
        leaning.isEmpty()
            ? null
            : "So far seems to prefer %s (%d %s)"
                .formatted(first(leaning), labels, labels == 1 ? "label" : "labels"),
        known.isEmpty() ? null : "Prefers " + first(known));
  }

  private static String first(List<String> words) {
    Stream<String> first = words.stream().limit(MOST);
    return String.join(", ", first.toList());
  }
}
