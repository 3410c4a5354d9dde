package dev.palate.server.score.dropin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What clients of Cohere, Jina and vLLM read of a ranking, all of it in one. */
@Schema(description = "A ranking as Cohere, Jina and vLLM give it")
record RerankAnswer(
    @Schema(description = "The X-Request-Id") String id,
    String model,
    @Schema(description = "Best first") List<Result> results,
    @Schema(description = "For clients of Cohere") Meta meta,
    @Schema(description = "For clients of Jina and vLLM") Usage usage) {

  @Schema(name = "RerankResult")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Result(
      @Schema(description = "The document's place in the request") int index,
      @Schema(description = "sigmoid(reward), between 0 and 1") double relevanceScore,
      @Nullable Document document) {}

  @Schema(name = "RankedDocument")
  record Document(String text) {}

  @Schema(name = "RerankMeta")
  record Meta(ApiVersion apiVersion, BilledUnits billedUnits, Tokens tokens) {}

  @Schema(name = "RerankApiVersion")
  record ApiVersion(String version) {}

  @Schema(
      name = "RerankBilledUnits",
      description = "One for every hundred documents, as Cohere counts; nothing is billed")
  record BilledUnits(int searchUnits) {}

  @Schema(name = "RerankTokens")
  record Tokens(long inputTokens) {}

  /** Of the texts scored, before truncation; the prompt is read once and not counted. */
  @Schema(name = "TokenUsage")
  record Usage(long promptTokens, long totalTokens) {}

  /** One of Text Embeddings Inference's ranking, which is a bare list of them. */
  @Schema(name = "Rank")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Rank(
      @Schema(description = "The text's place in the request") int index,
      @Schema(description = "sigmoid(reward), or with `raw_scores` the reward") double score,
      @Nullable String text) {}
}
