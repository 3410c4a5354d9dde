package dev.palate.server.comparisons;

import dev.palate.server.store.UserId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * What to ask a user next.
 *
 * @param labels how many labels the choice rests on
 * @param candidates how many comparisons it was made from
 * @param comparisons the most informative first
 */
record NextComparisonsAnswer(
    UserId user,
    String model,
    String modelVersion,
    int labels,
    int candidates,
    List<Entry> comparisons) {

  @Schema(name = "NextComparison")
  record Entry(
      String id,
      String prompt,
      List<String> responses,
      @Schema(
              description =
                  "In nats, at most ln 2: what the label is expected to tell about the user's expert"
                      + " weights, those of the comparisons before it in this list given")
          double informationGain,
      @Schema(description = "That the user prefers the first response, as POST /score has it")
          double probability) {}
}
