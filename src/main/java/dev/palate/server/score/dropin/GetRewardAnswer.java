package dev.palate.server.score.dropin;

import dev.palate.server.score.TextScoring.Scored;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * What OpenRLHF reads of a remote reward model, all in the order of {@code query}.
 *
 * @param rewards what is trained on: raw, without bounds
 * @param scores between 0 and 1, for its dynamic filtering
 */
record GetRewardAnswer(
    @Schema(description = "Raw rewards, in the order of `query`") List<Double> rewards,
    @Schema(description = "sigmoid(reward), between 0 and 1, for dynamic filtering")
        List<Double> scores,
    @Schema(description = "Logged beside the rewards") Logs extraLogs) {

  /** Fractions even where they count: the reader means them, and a tensor of integers has none. */
  @Schema(name = "GetRewardLogs")
  record Logs(
      @Schema(description = "Tokens of each response, before truncation") List<Double> palateTokens,
      @Schema(description = "1 where the end of a response was not read, else 0")
          List<Double> palateTruncated) {}

  static GetRewardAnswer of(List<Scored> scores) {
    return new GetRewardAnswer(
        scores.stream().map(Scored::reward).toList(),
        scores.stream().map(s -> Sigmoid.of(s.reward())).toList(),
        new Logs(
            scores.stream().map(s -> (double) s.tokens()).toList(),
            scores.stream().map(s -> s.truncated() ? 1.0 : 0.0).toList()));
  }
}
