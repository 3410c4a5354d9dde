package dev.palate.core.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an expert learned, for people.
 *
 * @param expert its index, 0 to K-1
 * @param name a few words
 * @param description one sentence
 * @param usage mean routing weight over the training prompts; all experts' usages sum to 1
 * @param domains names of the data's domains where the router picks this expert most, strongest
 *     first
 * @param examples ids of the training pairs it judges most sharply
 * @param fidelity how well the examples foretell the expert; null: not measured
 * @param more what a user likes whose shift is positive, as in "prefers shorter answers"; null
 *     where the expert has no such words
 * @param less likewise of a negative shift
 */
public record ExpertCard(
    int expert,
    String name,
    String description,
    double usage,
    List<String> domains,
    List<String> examples,
    @Nullable Fidelity fidelity,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String more,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String less) {

  public ExpertCard {
    require(name, "name");
    require(description, "description");
    require(domains, "domains");
    require(examples, "examples");
    domains = List.copyOf(domains);
    examples = List.copyOf(examples);
  }

  /** A card whose fidelity was not measured. */
  public ExpertCard(
      int expert,
      String name,
      String description,
      double usage,
      List<String> domains,
      List<String> examples) {
    this(expert, name, description, usage, domains, examples, null);
  }

  /** A card without words for a user's summary. */
  public ExpertCard(
      int expert,
      String name,
      String description,
      double usage,
      List<String> domains,
      List<String> examples,
      @Nullable Fidelity fidelity) {
    this(expert, name, description, usage, domains, examples, fidelity, null, null);
  }

  /**
   * On pairs held out from training in which the expert speaks loudest: how a reader fares who
   * knows the card's examples only.
   *
   * @param agreement share of pairs in which the reader picks the response that the expert prefers;
   *     chance is 0.5
   * @param low of the agreement's 95 % interval
   * @param high of the same
   * @param recognized share of pairs in which the reader tells this expert from all others; chance
   *     is 1/K
   * @param pairs how many were asked about
   */
  public record Fidelity(double agreement, double low, double high, double recognized, int pairs) {}

  private static void require(@Nullable Object value, String field) {
    if (value == null) {
      throw new IllegalArgumentException("a card's '" + field + "' is missing");
    }
  }
}
