package dev.palate.lab.warnings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.BundleWarning;
import dev.palate.core.model.Prompt;
import dev.palate.lab.data.PreferencePair;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RuleComparisonTest {

  private final List<PreferencePair> pairs = new ArrayList<>();
  private final List<Double> margins = new ArrayList<>();

  /**
   * @param right of n how many the model orders as labelled
   * @param longer of n in how many, counted from the last, the longer response was chosen
   */
  private void add(String dataset, int n, int right, int longer, @Nullable String choice) {
    for (int i = 0; i < n; i++) {
      boolean longerWins = i >= n - longer;
      pairs.add(
          new PreferencePair(
              dataset,
              dataset + i,
              "u",
              "",
              new Prompt("Tea?"),
              longerWins ? "long text" : "text",
              longerWins ? "text" : "long text",
              1,
              null,
              choice));
      margins.add(i < right ? 1.0 : -1.0);
    }
  }

  private List<BundleWarning> warnings() {
    return RuleComparison.warnings(
        pairs, margins.stream().mapToDouble(Double::doubleValue).toArray());
  }

  @Test
  void aModelAboveChanceAndRulesIsNotWarnedOf() {
    add("made", 100, 80, 50, null);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void aModelNotAboveChanceIsToldWithItsIntervalAndDataSets() {
    add("made", 100, 59, 50, null);
    add("other", 100, 52, 50, null);
    assertThat(warnings()).extracting(BundleWarning::code).containsExactly("not_above_chance");
    assertThat(warnings().getFirst().message())
        .contains("all 55.5 % (48.6 to 62.2)", "made 59.0 %", "other 52.0 %", "add pairs");
  }

  @Test
  void aModelWorseThanLongerOrShorterByMoreThanNoiseIsToldWithTheRulesFigure() {
    add("made", 200, 130, 190, null);
    assertThat(warnings()).extracting(BundleWarning::code).containsExactly("worse_than_longer");
    assertThat(warnings().getFirst().message()).contains("made 65.0 %", "\"longer\" 95.0 %");
    pairs.clear();
    margins.clear();
    add("made", 200, 130, 10, null);
    assertThat(warnings()).extracting(BundleWarning::code).containsExactly("worse_than_shorter");
  }

  @Test
  void aModelWorseByNoMoreThanNoiseIsNot() {
    add("made", 200, 130, 135, null);
    assertThat(warnings()).isEmpty();
  }

  @Test
  void pairsOfOneChoiceAreOneObservation() {
    add("made", 100, 80, 50, "one");
    assertThat(warnings()).extracting(BundleWarning::code).containsExactly("not_above_chance");
  }
}
