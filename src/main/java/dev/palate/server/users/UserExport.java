package dev.palate.server.users;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.palate.server.security.keys.KeysOfUsers;
import dev.palate.server.store.StoredLabel;
import dev.palate.server.store.UserId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is held about a user, of one moment. {@link ExportWriter} writes it in this form, the
 * lists row by row; it is never in memory as a whole.
 *
 * @param createdAt null: nothing was ever stored of the user, or it was erased since
 * @param feedbackAt of the newest change to the labels; null: there was none
 * @param feedbackSeq raised by each change to the labels
 * @param solvePending whether a background job waits to solve the weights anew
 * @param labels the oldest first
 * @param comparisons pairs not labelled yet, the oldest first
 * @param expertWeights the present weights, one entry for each model version
 * @param expertWeightsHistory all versions of them, in order
 * @param idempotencyKeys of the feedback of the last day
 * @param apiKeys those bound to this very user
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record UserExport(
    UserId user,
    Instant exportedAt,
    @Nullable Instant createdAt,
    @Nullable Instant feedbackAt,
    long feedbackSeq,
    boolean solvePending,
    List<LabelEntry> labels,
    List<ComparisonEntry> comparisons,
    List<WeightsEntry> expertWeights,
    List<WeightsEntry> expertWeightsHistory,
    List<KeyEntry> idempotencyKeys,
    List<KeysOfUsers.KeyOfUser> apiKeys) {

  /**
   * @param contentHash SHA-256 of texts and strength, in hex
   * @param margins one entry for each model version that has seen the label
   */
  @Schema(name = "ExportedLabel")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LabelEntry(
      String id,
      @Schema(
              description = StoredLabel.TIE,
              types = {"boolean", "null"})
          @Nullable Boolean tie,
      @Schema(
              description = StoredLabel.DROPPED,
              types = {"string", "null"})
          @Nullable String prompt,
      @Schema(
              description = StoredLabel.DROPPED,
              types = {"string", "null"})
          @Nullable String chosen,
      @Schema(
              description = StoredLabel.DROPPED,
              types = {"string", "null"})
          @Nullable String rejected,
      @Schema(
              description = StoredLabel.RESPONSES,
              types = {"array", "null"})
          @Nullable List<String> responses,
      float strength,
      Instant createdAt,
      String contentHash,
      List<MarginsEntry> margins) {}

  /**
   * @param responses the first and the second
   * @param pairHash SHA-256 of prompt and responses, in hex
   * @param margins one entry for each model version that has seen the comparison
   */
  @Schema(name = "ExportedComparison")
  record ComparisonEntry(
      String id,
      String prompt,
      List<String> responses,
      Instant createdAt,
      String pairHash,
      List<MarginsEntry> margins) {}

  /**
   * @param margins expert rewards of chosen (or first) less those of rejected (or second), {@code
   *     float[k]}; null, as routing: the model's scores are not finite and the pair is set aside
   *     for it
   * @param routing of the prompt, {@code float[k]}
   */
  @Schema(
      name = "ExportedMargins",
      description =
          "Without margins and routing: the model's scores are not finite, the pair is set aside for it")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record MarginsEntry(
      String modelVersion, float @Nullable [] margins, float @Nullable [] routing) {}

  /**
   * @param solverVersion of the solver that they are of
   * @param agreement share of the labels that the weights order as labelled; null without any
   * @param solvedSeq the feedback_seq that the solve saw
   * @param labels how many labels it saw
   */
  @Schema(name = "ExportedWeights", description = "Without agreement: no label was solved")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record WeightsEntry(
      String modelVersion,
      long version,
      int solverVersion,
      float[] shift,
      float[] uncertainty,
      boolean[] significant,
      @Nullable Double agreement,
      long solvedSeq,
      int labels,
      Instant solvedAt) {}

  /** An Idempotency-Key that the client sent. */
  @Schema(name = "ExportedIdempotencyKey")
  record KeyEntry(String key, Instant createdAt) {}
}
