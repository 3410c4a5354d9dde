package dev.palate.training;

import dev.palate.reward.Bundles;
import dev.palate.reward.ExamplePair;
import dev.palate.reward.ExpertCard;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The texts of the pairs that expert cards name, for {@code example-pairs.json}. A card names a
 * pair by its id alone, so an id that stands for different texts (two data sets may use one) is
 * left out.
 *
 * @param pairs in the order in which the cards name them
 * @param named how many different ids the cards name
 * @param ambiguous how many of them stand for different texts
 */
public record ExampleTexts(List<ExamplePair> pairs, int named, int ambiguous) {

  /**
   * @param training the pairs that were trained on
   */
  public static ExampleTexts of(List<ExpertCard> cards, List<PreferencePair> training) {
    Set<String> named = new LinkedHashSet<>();
    cards.forEach(card -> named.addAll(card.examples()));
    Map<String, ExamplePair> found = new HashMap<>();
    Set<String> ambiguous = new HashSet<>();
    for (PreferencePair pair : training) {
      String id = pair.id();
      if (named.contains(id)) {
        ExamplePair texts =
            ExamplePair.of(id, pair.prompt().text(), pair.chosen(), pair.rejected());
        ExamplePair before = found.putIfAbsent(id, texts);
        if (before != null && !before.equals(texts)) {
          ambiguous.add(id);
        }
      }
    }
    ambiguous.forEach(found::remove);
    return new ExampleTexts(
        named.stream().map(found::get).filter(Objects::nonNull).toList(),
        named.size(),
        ambiguous.size());
  }

  /** Writes them into a bundle that is there already; its model card says so first. */
  public void writeInto(Path bundle) {
    ModelCard.sayTextsAreKept(bundle);
    Bundles.writeExamplePairs(bundle, pairs);
  }

  /** How many were found, in words. */
  public String summary() {
    String found = "texts of %d of the %d pairs that the cards name".formatted(pairs.size(), named);
    return ambiguous == 0
        ? found
        : found + "; %d ids stand for different texts and are left out".formatted(ambiguous);
  }
}
