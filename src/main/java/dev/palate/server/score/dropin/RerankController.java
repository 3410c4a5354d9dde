package dev.palate.server.score.dropin;

import dev.palate.server.score.ScoreKind;
import dev.palate.server.score.TextScoring;
import dev.palate.server.score.TextScoring.Pair;
import dev.palate.server.security.Needs;
import dev.palate.server.security.Scope;
import dev.palate.server.store.UserId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * A reranker for clients of Text Embeddings Inference, Cohere, Jina and vLLM. The query is the
 * prompt, each text a response to it. Which client it is, the body's own fields say.
 */
@RestController
@Tag(name = "Drop-in forms")
class RerankController {

  static final String HOW =
      "`query` is the prompt, each text a response. With `texts` the answer is the list that Text"
          + " Embeddings Inference gives, with `documents` the object that Cohere, Jina and vLLM give.";
  private static final String WAIT = "wait=N: not computed after N seconds (504)";
  private static final String USER = "The user, where the client cannot put one into its body";
  private static final int DOCUMENTS_PER_UNIT = 100;

  private final TextScoring scoring;

  RerankController(TextScoring scoring) {
    this.scoring = scoring;
  }

  @Operation(operationId = "rerank", summary = "Rank texts, for rerank clients", description = HOW)
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = @Content(schema = @Schema(oneOf = {RerankAnswer.class, RerankAnswer.Rank.class})))
  @Needs(Scope.SCORE)
  @PostMapping(
      path = "/rerank",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Object> rerank(
      @RequestBody RerankRequest request,
      @Parameter(description = USER, schema = @Schema(type = "string", pattern = UserId.PATTERN))
          @RequestParam(name = "user", required = false)
          @Nullable String user,
      @Parameter(description = WAIT) @RequestHeader(name = "Prefer", required = false)
          @Nullable String prefer,
      HttpServletResponse response) {
    return answer(request, user, prefer, response, "1");
  }

  @Operation(
      operationId = "rerankV1",
      summary = "Rank documents, for clients of Cohere's and Jina's v1",
      description = HOW)
  @Needs(Scope.SCORE)
  @PostMapping(
      path = "/v1/rerank",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Object> rerankV1(
      @RequestBody RerankRequest request,
      @Parameter(description = USER, schema = @Schema(type = "string", pattern = UserId.PATTERN))
          @RequestParam(name = "user", required = false)
          @Nullable String user,
      @Parameter(description = WAIT) @RequestHeader(name = "Prefer", required = false)
          @Nullable String prefer,
      HttpServletResponse response) {
    return answer(request, user, prefer, response, "1");
  }

  @Operation(
      operationId = "rerankV2",
      summary = "Rank documents, for clients of Cohere's v2",
      description = HOW)
  @Needs(Scope.SCORE)
  @PostMapping(
      path = "/v2/rerank",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Object> rerankV2(
      @RequestBody RerankRequest request,
      @Parameter(description = USER, schema = @Schema(type = "string", pattern = UserId.PATTERN))
          @RequestParam(name = "user", required = false)
          @Nullable String user,
      @Parameter(description = WAIT) @RequestHeader(name = "Prefer", required = false)
          @Nullable String prefer,
      HttpServletResponse response) {
    return answer(request, user, prefer, response, "2");
  }

  private ResponseEntity<Object> answer(
      RerankRequest request,
      @Nullable String user,
      @Nullable String prefer,
      HttpServletResponse response,
      String version) {
    request.check(scoring.maxTokens());
    String query = Objects.requireNonNull(request.query());
    List<String> candidates = request.candidates();
    TextScoring.Scores scored =
        scoring.score(
            ScoreKind.RERANK,
            new TextScoring.Call(
                Sender.user(request.user(), user),
                candidates.stream().map(text -> new Pair(query, text)).toList(),
                request.names(),
                !Boolean.FALSE.equals(request.truncate()),
                prefer));
    List<Integer> best = best(scored, request.topN());
    String id = Objects.requireNonNullElse(response.getHeader("X-Request-Id"), "");
    return ResponseEntity.ok()
        .headers(scored.headers())
        .contentType(MediaType.APPLICATION_JSON)
        .body(
            request.isOfTexts()
                ? ranks(request, scored, best, candidates)
                : results(request, scored, best, candidates, id, version));
  }

  /** Indices by reward, the best first; of equals the one sent first. */
  private static List<Integer> best(TextScoring.Scores scored, @Nullable Integer topN) {
    int all = scored.scores().size();
    // By reward and not by its sigmoid, in which great rewards become equal
    Comparator<Integer> byReward = Comparator.comparingDouble(i -> scored.scores().get(i).reward());
    return IntStream.range(0, all)
        .boxed()
        .sorted(byReward.reversed())
        .limit(topN == null || topN == 0 ? all : topN)
        .toList();
  }

  private static List<RerankAnswer.Rank> ranks(
      RerankRequest request,
      TextScoring.Scores scored,
      List<Integer> best,
      List<String> candidates) {
    boolean raw = Boolean.TRUE.equals(request.rawScores());
    boolean text = Boolean.TRUE.equals(request.returnText());
    return best.stream()
        .map(i -> {
          double reward = scored.scores().get(i).reward();
          return new RerankAnswer.Rank(
              i, raw ? reward : Sigmoid.of(reward), text ? candidates.get(i) : null);
        })
        .toList();
  }

  private static RerankAnswer results(
      RerankRequest request,
      TextScoring.Scores scored,
      List<Integer> best,
      List<String> candidates,
      String id,
      String version) {
    Boolean asked = request.returnDocuments();
    boolean documents = asked == null ? !version.equals("2") : asked;
    List<RerankAnswer.Result> results =
        best.stream()
            .map(i ->
                new RerankAnswer.Result(
                    i,
                    Sigmoid.of(scored.scores().get(i).reward()),
                    documents ? new RerankAnswer.Document(candidates.get(i)) : null))
            .toList();
    long tokens = scored.tokens();
    int units = (candidates.size() + DOCUMENTS_PER_UNIT - 1) / DOCUMENTS_PER_UNIT;
    return new RerankAnswer(
        id,
        scored.model(),
        results,
        new RerankAnswer.Meta(
            new RerankAnswer.ApiVersion(version),
            new RerankAnswer.BilledUnits(units),
            new RerankAnswer.Tokens(tokens)),
        new RerankAnswer.Usage(tokens, tokens));
  }
}
