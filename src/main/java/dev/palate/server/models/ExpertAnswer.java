package dev.palate.server.models;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.ExamplePair;
import dev.palate.core.bundle.ExpertCard;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An {@link ExpertCard} with the texts that its bundle keeps.
 *
 * @param kind {@code shared} or {@code routed}
 * @param examplePairs of the examples those whose texts are kept, in their order
 */
@Schema(name = "ExpertCard")
record ExpertAnswer(
    int expert,
    @Schema(
            description =
                "shared: a trait of style, counted from the response and always on; a positive"
                    + " weight prefers more of what the name says. routed: quality of a kind of"
                    + " prompt, weighed by the router.",
            allowableValues = {"shared", "routed"})
        String kind,
    String name,
    String description,
    double usage,
    List<String> domains,
    List<String> examples,
    @Schema(
            description =
                "Texts of the examples, in their order: prompt, the preferred response (chosen) and"
                    + " the other one (rejected), each of at most 2,000 characters; one that ends"
                    + " with an ellipsis was cut. Empty where the bundle keeps none, which is the"
                    + " default.")
        List<ExamplePair> examplePairs,
    ExpertCard.@Nullable Fidelity fidelity) {

  static ExpertAnswer of(Bundle bundle, ExpertCard card) {
    return new ExpertAnswer(
        card.expert(),
        bundle.isShared(card.expert()) ? "shared" : "routed",
        card.name(),
        card.description(),
        card.usage(),
        card.domains(),
        card.examples(),
        bundle.examplePairs(card),
        card.fidelity());
  }
}
