package dev.palate.server.score;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one score request.
 *
 * @param id the batch item's own id
 * @param user absent for an anonymous request
 * @param weightsVersion 0 where no weights of the user were used
 * @param promptTokens length of the prompt's sequence before truncation
 * @param promptTruncated whether only a part of the prompt was read, the same for all responses
 * @param routing the experts with a weight, largest magnitude first; absent without {@code explain}
 * @param responses in input order
 * @param preferred index of the response with the highest reward, the lowest of equals
 * @param probability with exactly two responses: that the first is preferred
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ScoreAnswer(
    @Schema(description = "The batch item's own id") @Nullable String id,
    String model,
    String modelVersion,
    @Nullable String user,
    Weights weights,
    long weightsVersion,
    @Schema(description = "Length of the prompt's sequence before truncation") int promptTokens,
    @Schema(description = "Whether only a part of the prompt was read, for all responses alike")
        boolean promptTruncated,
    @Schema(description = "The experts with a weight, largest magnitude first")
        @Nullable List<Routed> routing,
    @Schema(description = "In input order") List<Judged> responses,
    @Schema(description = "Index of the response with the highest reward") int preferred,
    @Schema(description = "With exactly two responses: the probability that the first is preferred")
        @Nullable Double probability) {

  /** Which weights mixed the experts. */
  @Schema(
      description =
          "personal: solved from all of the user's labels; stale: newer labels wait for their solve,"
              + " or the user's weights could not be read, and"
              + " the last known or else the prior served; prior: the user has none")
  enum Weights {
    PERSONAL,
    PRIOR,
    STALE;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param weight what the expert's reward is multiplied by, for this user and prompt
   * @param prior the same for an anonymous caller
   */
  @Schema(name = "RoutedExpert")
  record Routed(int expert, String name, double weight, double prior) {}

  /**
   * @param rank 1 for the highest reward; equal rewards share the better rank
   * @param tokens length of the sequence before truncation
   * @param probability with three responses or more: that this one is the best of them
   * @param experts parts of the reward, in the order of {@code routing}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "JudgedResponse")
  record Judged(
      int index,
      @Schema(description = "The sum of the contributions") double reward,
      int rank,
      int tokens,
      boolean truncated,
      @Schema(description = "With three responses or more: that this one is the best of them")
          @Nullable Double probability,
      @Nullable List<Contribution> experts) {}

  /**
   * @param contribution weight times reward
   */
  record Contribution(int expert, float reward, double contribution) {}
}
