package dev.palate.server.score.dropin;

import dev.palate.server.score.TextScoring.Scored;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.stream.IntStream;

/** Scores as vLLM gives them, in the order of the pairs. */
@Schema(description = "Scores as vLLM gives them")
record PairScoreAnswer(
    @Schema(description = "score- and the X-Request-Id") String id,
    @Schema(allowableValues = "list") String object,
    @Schema(description = "Seconds since 1970") long created,
    String model,
    @Schema(description = "In the order of the pairs") List<Datum> data,
    Usage usage) {

  @Schema(name = "PairScore")
  record Datum(
      int index,
      @Schema(allowableValues = "score") String object,
      @Schema(description = "sigmoid(reward), or without activation the reward") double score) {}

  /** Of the second texts, before truncation; the first are read once and not counted. */
  @Schema(name = "PairScoreUsage")
  record Usage(long promptTokens, long totalTokens, long completionTokens) {}

  static List<Datum> data(List<Scored> scores, boolean activated) {
    return IntStream.range(0, scores.size())
        .mapToObj(i -> {
          double reward = scores.get(i).reward();
          return new Datum(i, "score", activated ? Sigmoid.of(reward) : reward);
        })
        .toList();
  }
}
