package dev.palate.reward;

import java.util.List;

/**
 * What an expert learned, for people.
 *
 * @param expert its index, 0 to K-1
 * @param name a few words
 * @param description one sentence
 * @param usage mean routing weight over the training prompts; all experts' usages sum to 1
 * @param domains the data's contexts where the router picks this expert most, strongest first
 * @param examples ids of the training pairs it judges most sharply
 */
public record ExpertCard(
    int expert,
    String name,
    String description,
    double usage,
    List<String> domains,
    List<String> examples) {
  public ExpertCard {
    domains = List.copyOf(domains);
    examples = List.copyOf(examples);
  }
}
