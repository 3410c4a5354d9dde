package dev.palate.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.model.Prompt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MadePairsTest {

  private static TrainingData data(String dataset) {
    List<PreferencePair> pairs = new ArrayList<>();
    List<Split> splits = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      pairs.add(
          new PreferencePair(
              dataset,
              "p" + i,
              null,
              "",
              new Prompt("How do I get to station number " + i + "?"),
              "Take line %d to the market. Change there and ride two more stops, then walk."
                  .formatted(i),
              "Walk " + i + ".",
              1,
              null,
              null));
      splits.add(i % 6 == 0 ? Split.VALIDATION : i % 6 == 1 ? Split.TEST : Split.TRAIN);
    }
    return new TrainingData(
        List.of(new DataFile(dataset, Path.of("x"), "ours")), pairs, splits, List.of(), List.of());
  }

  private static List<PreferencePair> made(TrainingData data) {
    return data.pairs().stream().filter(MadePairs::isMade).toList();
  }

  @Test
  void everyKindIsMadeOfWhatMayBeLearnedFrom() {
    TrainingData data = data("walks");
    TrainingData with = MadePairs.addedTo(data, 1000, 3);
    List<PreferencePair> made = made(with);
    assertThat(made).hasSizeBetween(40, 50);
    assertThat(made.stream().map(PreferencePair::context).collect(Collectors.toSet()))
        .hasSize(MadePairs.Kind.values().length);
    Set<String> test =
        data.of(Split.TEST).stream().map(p -> p.prompt().text()).collect(Collectors.toSet());
    assertThat(made).noneMatch(pair -> test.contains(pair.prompt().text()));
    for (int i = 0; i < with.pairs().size(); i++) {
      PreferencePair pair = with.pairs().get(i);
      if (MadePairs.isMade(pair)) {
        String prompt = pair.prompt().text();
        int source = data.pairs().stream().map(p -> p.prompt().text()).toList().indexOf(prompt);
        assertThat(with.splits().get(i)).isEqualTo(data.splits().get(source));
        assertThat(pair.chosen()).isEqualTo(data.pairs().get(source).chosen());
        assertThat(pair.rejected()).isNotBlank().isNotEqualTo(pair.chosen());
        assertThat(pair.userKey()).isNull();
      }
    }
  }

  @Test
  void sameSeedSamePairsAndWithoutThemTheDataIsAsItWas() {
    TrainingData data = data("walks");
    TrainingData with = MadePairs.addedTo(data, 30, 3);
    assertThat(made(with).stream().map(PreferencePair::rejected))
        .isEqualTo(
            made(MadePairs.addedTo(data, 30, 3)).stream().map(PreferencePair::rejected).toList())
        .isNotEqualTo(
            made(MadePairs.addedTo(data, 30, 4)).stream().map(PreferencePair::rejected).toList());
    TrainingData without = MadePairs.without(with, MadePairs.labelled(with));
    assertThat(without.pairs()).isEqualTo(data.pairs());
    assertThat(without.splits()).isEqualTo(data.splits());
    assertThat(without.files()).isEqualTo(data.files());
    assertThat(MadePairs.addedTo(data, 0, 3)).isSameAs(data);
  }

  @Test
  void aDataSetOfTheirNameIsRefused() {
    assertThatThrownBy(() -> MadePairs.addedTo(data("made pairs"), 10, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'made pairs'");
  }
}
