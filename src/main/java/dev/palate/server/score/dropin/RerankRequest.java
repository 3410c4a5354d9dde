package dev.palate.server.score.dropin;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.palate.server.score.TextScoring.PairNames;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /rerank}: with {@code texts} that of Text Embeddings Inference, with
 * {@code documents} that of Cohere, Jina and vLLM. {@link DropInSchemas} describes the two apart.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record RerankRequest(
    @Nullable String query,
    @Nullable List<@Nullable String> texts,
    @Nullable List<@Nullable RerankDocument> documents,
    @Schema(description = "true: raw rewards; false: sigmoid(reward)", defaultValue = "false")
        @Nullable Boolean rawScores,
    @Schema(description = "Whether each rank holds its text", defaultValue = "false")
        @Nullable Boolean returnText,
    @Schema(description = "false: a text over the model's limit is refused", defaultValue = "true")
        @Nullable Boolean truncate,
    @Schema(
            description = "Texts are cut at their end: `Left` is refused",
            allowableValues = {"Right", "right"})
        @Nullable String truncationDirection,
    @Schema(description = "Only the best so many; 0: all", minimum = "0") @Nullable Integer topN,
    @Schema(
            description =
                "Whether each result holds its document; by default it does, but not at `/v2/rerank`")
        @Nullable Boolean returnDocuments,
    @Schema(
            description = "No less than the model's own limit, at which texts are cut",
            minimum = "1")
        @Nullable Integer maxTokensPerDoc,
    @Schema(description = "Only `text` is read") @Nullable List<@Nullable String> rankFields,
    @Nullable String user) {

  boolean isOfTexts() {
    return texts != null;
  }

  /** The texts to be ranked, in the order sent. After {@link #check}. */
  List<String> candidates() {
    return texts != null
        ? texts.stream().map(Objects::requireNonNull).toList()
        : Objects.requireNonNull(documents).stream()
            .map(document -> Objects.requireNonNull(document).text())
            .toList();
  }

  /**
   * @param maxTokens of the model
   * @throws dev.palate.server.web.ProblemException unless all of it can be honoured
   */
  void check(int maxTokens) {
    Faults faults = new Faults();
    faults.text(query, "query");
    if (texts != null && documents != null) {
      faults.add("documents", "cannot be beside 'texts'");
    } else if (texts != null) {
      faults.texts(texts, "texts");
    } else if (documents != null) {
      faults.texts(documents.stream().map(d -> d == null ? null : d.text()).toList(), "documents");
    } else {
      faults.add("documents", "is missing, and so is 'texts'");
    }
    faults.check(
        truncationDirection == null || truncationDirection.toLowerCase(Locale.ROOT).equals("right"),
        "truncation_direction",
        "must be right: texts are cut at their end");
    faults.check(topN == null || topN >= 0, "top_n", "must not be negative");
    faults.cut(maxTokensPerDoc, maxTokens, "max_tokens_per_doc");
    faults.check(
        rankFields == null || rankFields.equals(List.of("text")),
        "rank_fields",
        "must be text alone: no other field of a document is read");
    faults.refuse();
  }

  PairNames names() {
    String list = texts != null ? "texts" : "documents";
    return new PairNames() {
      @Override
      public String prompt(int pair) {
        return "query";
      }

      @Override
      public String response(int pair) {
        return list + "[" + pair + "]";
      }

      @Override
      public String responses() {
        return list;
      }
    };
  }
}
