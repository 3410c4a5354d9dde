package dev.palate.server.weights;

import dev.palate.server.store.StoredLabel;
import dev.palate.server.store.UserId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * Which labels pulled each expert's shift most.
 *
 * @param solvedLabels how many the shifts come from
 * @param experts the farthest shifted from the prior first
 * @param labels those that are named at an expert, oldest first
 */
record InfluenceAnswer(
    UserId user,
    String model,
    String modelVersion,
    int solvedLabels,
    List<Expert> experts,
    List<StoredLabel> labels) {

  /**
   * @param labels the strongest pull first
   */
  @Schema(name = "ExpertInfluence")
  record Expert(int expert, String name, double shift, List<Pull> labels) {}

  /**
   * @param id the label's
   * @param pull how much less the shift would be without the label
   */
  @Schema(name = "LabelPull")
  record Pull(
      String id,
      @Schema(description = "How much less the shift would be without the label") double pull) {}
}
