package dev.palate.lab.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.lab.data.PreferencePair;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.judge.MadeData;
import dev.palate.lab.judge.Material;
import dev.palate.tier.NeedsEngine;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@NeedsEngine
class UnseenContextsTest {

  @Test
  void noContextThatIsTestedIsLeftInTrainOrValidationAndAFifthIsHeldOut() {
    Material whole = MadeData.material(40, 20, 1);
    UnseenContexts plan = UnseenContexts.of(whole.data());
    Material anew = plan.material(whole);
    Set<String> test = contexts(anew.data(), Split.TEST);
    assertThat(test).hasSize(2);
    Set<String> learned = new HashSet<>(contexts(anew.data(), Split.TRAIN));
    learned.addAll(contexts(anew.data(), Split.VALIDATION));
    assertThat(learned).hasSize(8).doesNotContainAnyElementsOf(test);
    assertThat(plan.parts()).containsExactly(new Report.HeldOutPart("made", "context", 2, 10, 32));
    assertThat(anew.data().indices(Split.TEST)).hasSize(32);
    assertThat(anew.pairs().size()).isEqualTo(anew.data().pairs().size());
    assertThat(anew.pairs().pairs()).isEqualTo(anew.data().pairs());
  }

  private static Set<String> contexts(TrainingData data, Split split) {
    return data.of(split).stream().map(PreferencePair::context).collect(Collectors.toSet());
  }
}
