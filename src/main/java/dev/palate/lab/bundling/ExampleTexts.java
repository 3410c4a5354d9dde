package dev.palate.lab.bundling;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.DataSource;
import dev.palate.core.bundle.ExamplePair;
import dev.palate.core.bundle.ExpertCard;
import dev.palate.lab.data.DataException;
import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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

  /**
   * Finds the texts among the training lines of data sets that a bundle was trained on, by their
   * names (ids elsewhere mean other pairs), and writes them into it; its model card says so first.
   *
   * @param dir the bundle's directory
   * @return what was written, in words
   * @throws DataException if there is no text to write
   */
  public static String addTo(Path dir, Bundle bundle, TrainingData data) {
    Set<String> trainedOn =
        bundle.data().stream().map(DataSource::name).collect(Collectors.toCollection(TreeSet::new));
    ExampleTexts texts =
        of(
            bundle.experts(),
            data.of(Split.TRAIN).stream()
                .filter(pair -> trainedOn.contains(pair.dataset()))
                .toList());
    if (texts.named() == 0) {
      throw new DataException("the cards of " + dir + " name no pair");
    }
    if (texts.pairs().isEmpty()) {
      throw new DataException(
          "no text is written: the data holds %s. The bundle was trained on %s: give its files"
                  .formatted(texts.summary(), String.join(", ", trainedOn))
              + " these names, --data NAME=FILE");
    }
    ModelCard.sayTextsAreKept(dir);
    Bundles.writeExamplePairs(dir, texts.pairs());
    return texts.summary();
  }

  /** How many were found, in words. */
  public String summary() {
    String found = "texts of %d of the %d pairs that the cards name".formatted(pairs.size(), named);
    return ambiguous == 0
        ? found
        : found + "; %d ids stand for different texts and are left out".formatted(ambiguous);
  }
}
