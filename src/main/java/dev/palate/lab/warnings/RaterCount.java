package dev.palate.lab.warnings;

import dev.palate.core.bundle.BundleWarning;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.data.UserChoices;
import dev.palate.lab.train.LearnedPrior;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How many raters there are to learn a prior over users from: users with {@link
 * LearnedPrior#LEAST_LABELS} train pairs or more. Below {@link LearnedPrior#LEAST_USERS} the
 * default prior stands.
 *
 * @param byDataset raters of each data set that has train pairs
 */
record RaterCount(Map<String, Integer> byDataset) {

  static RaterCount of(TrainingData data) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Map<String, int[]> train = data.counts(Split.TRAIN);
    for (DataFile file : data.files()) {
      if (train.getOrDefault(file.name(), new int[2])[0] > 0) {
        counts.put(file.name(), 0);
      }
    }
    for (UserChoices user : UserChoices.of(data.of(Split.TRAIN))) {
      if (user.pairs() >= LearnedPrior.LEAST_LABELS) {
        counts.merge(user.dataset(), 1, Integer::sum);
      }
    }
    return new RaterCount(counts);
  }

  /** Of all data sets. */
  int total() {
    return byDataset.values().stream().mapToInt(Integer::intValue).sum();
  }

  Optional<BundleWarning> warning() {
    if (total() >= LearnedPrior.LEAST_USERS) {
      return Optional.empty();
    }
    String sets =
        byDataset.entrySet().stream()
            .map(set -> set.getKey() + ": " + set.getValue())
            .collect(Collectors.joining(", "));
    return Optional.of(
        new BundleWarning(
            "too_few_raters",
            "the prior over users is the default one, for the train lines have %s raters with %d lines or more and %d are needed (%s): add lines with a 'user' field from more people"
                .formatted(
                    total() == 0 ? "no" : total(),
                    LearnedPrior.LEAST_LABELS,
                    LearnedPrior.LEAST_USERS,
                    sets)));
  }
}
