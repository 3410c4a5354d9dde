package dev.palate.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.TestBundles;
import dev.palate.core.model.Passage;
import dev.palate.core.model.PassageModel;
import dev.palate.core.model.PassageReading;
import dev.palate.core.model.PassageScore;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.ScoreTimings;
import dev.palate.core.traits.SharedExperts;
import dev.palate.core.traits.TextTraits;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedExpertModelTest {

  @TempDir private static Path temp;

  private static final List<Passage> PASSAGES =
      List.of(
          new Passage(Passage.Kind.PROMPT, "How long is the river?", ""),
          new Passage(Passage.Kind.RESPONSE, "", "About 300 km."),
          new Passage(Passage.Kind.PROMPT_AND_RESPONSE, "And now?", "It is still about 300 km."));

  private final SharedExperts shared = shared();

  private static SharedExperts shared() {
    int traits = TextTraits.NAMES.size();
    float[] ones = new float[traits];
    float[] low = new float[traits];
    float[] high = new float[traits];
    Arrays.fill(ones, 1);
    Arrays.fill(low, -100);
    Arrays.fill(high, 100);
    float[][] weights = new float[1][traits];
    Arrays.fill(weights[0], 0.5f);
    return new SharedExperts(
        List.of("All"),
        List.of("Positive: more of all."),
        new float[traits],
        ones,
        low,
        high,
        weights,
        new float[] {-0.25f});
  }

  /** Answers every passage alike. */
  private record Fixed(Bundle bundle, PassageReading answer) implements PassageModel {
    @Override
    public PassageReading read(List<Passage> passages, ScoreOptions options) {
      return answer;
    }

    @Override
    public Placement placement() {
      return new Placement("cpu", "fp32", 256);
    }

    @Override
    public boolean isAlive() {
      return true;
    }

    @Override
    public void close() {}
  }

  private PassageReading read(PassageReading answer) {
    Bundle bundle = Bundles.read(TestBundles.randomBundle(temp.resolve("bundle"), 2, 3));
    return new SharedExpertModel(new Fixed(bundle, answer), shared)
        .read(PASSAGES, ScoreOptions.DEFAULT);
  }

  private static PassageReading scores(float[]... values) {
    return new PassageReading.Read(
        Arrays.stream(values).map(value -> new PassageScore(value, 7, false)).toList(),
        ScoreTimings.NONE);
  }

  @Test
  void aPromptGetsThePopulationsWeightsAndAResponseTheCountedRewards() {
    PassageReading reading =
        read(scores(new float[] {0.3f, 0.7f}, new float[] {1, 2}, new float[] {3, 4}));
    List<PassageScore> scores = ((PassageReading.Read) reading).scores();
    assertThat(scores.get(0).values()).containsExactly(0.3f, 0.7f, -0.25f);
    assertThat(scores.get(1).values()).containsExactly(1, 2, shared.rewards("About 300 km.")[0]);
    assertThat(scores.get(2).values())
        .containsExactly(3, 4, shared.rewards("It is still about 300 km.")[0]);
    assertThat(scores).allMatch(score -> score.tokens() == 7 && !score.truncated());
  }

  @Test
  void aScoreThatIsNotFiniteStaysSo() {
    PassageReading reading =
        read(scores(new float[] {0.3f, 0.7f}, new float[0], new float[] {3, 4}));
    List<PassageScore> scores = ((PassageReading.Read) reading).scores();
    assertThat(scores.get(1).finite()).isFalse();
    assertThat(scores.get(2).finite()).isTrue();
  }

  @Test
  void aRefusalIsHandedOn() {
    PassageReading refused = new PassageReading.Refused(new ScoreResult.DeadlineExceeded());
    assertThat(read(refused)).isSameAs(refused);
  }
}
