package dev.palate.core.traits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedExpertsTest {

  private static final int TRAITS = TextTraits.NAMES.size();
  private static final int BULLETS = TextTraits.NAMES.indexOf("bullets");

  private List<String> names = List.of("Brevity", "Structure");
  private List<String> descriptions = List.of("Positive: shorter.", "Positive: lists.");
  private float[] mean = new float[TRAITS];
  private float[] deviation = filled(2);
  private float[] low = filled(-3);
  private float[] high = filled(3);
  private float[][] weights = new float[2][TRAITS];
  private float[] population = new float[2];

  private static float[] filled(float value) {
    float[] values = new float[TRAITS];
    Arrays.fill(values, value);
    return values;
  }

  private SharedExperts experts() {
    return new SharedExperts(names, descriptions, mean, deviation, low, high, weights, population);
  }

  @Test
  void aRewardIsTheWeightedSumOfClippedAndStandardizedTraits() {
    weights[0][0] = -1;
    weights[1][0] = .5f;
    weights[1][1] = 1;
    mean[0] = 1;
    float[] traits = new float[TRAITS];
    traits[0] = 2; // (2 - 1) / 2
    traits[1] = 7; // clipped to 3, / 2
    assertThat(experts().rewards(traits)).containsExactly(-.5f, 1.75f);
  }

  @Test
  void aTraitWithoutDeviationContributesNothing() {
    weights[0][0] = 1;
    deviation[0] = 0;
    assertThat(experts().rewards(filled(2))).containsExactly(0, 0);
  }

  @Test
  void noTextWinsByBeingAbsurd() {
    weights[1][BULLETS] = 1;
    SharedExperts experts = experts();
    float often = experts.rewards("- a\n".repeat(30))[1];
    assertThat(experts.rewards("- a\n".repeat(1000))[1]).isEqualTo(often).isEqualTo(1.5f);
    assertThat(experts.rewards("- a\n".repeat(3))[1]).isPositive().isLessThan(often);
  }

  @Test
  void aTextIsReadByItsTraits() {
    weights[0][0] = 1;
    weights[1] = filled(.1f);
    String text = "Go! 🎉 Take the bus at 7.";
    assertThat(experts().rewards(text)).isEqualTo(experts().rewards(TextTraits.of(text)));
  }

  @Test
  void anotherPopulationChangesNothingElse() {
    SharedExperts other = experts().withPopulation(new float[] {1, -1});
    assertThat(other.population()).containsExactly(1, -1);
    assertThat(other.names()).isEqualTo(names);
    assertThat(other.expertCount()).isEqualTo(2);
  }

  @Test
  void laterChangesOfTheArgumentsChangeNothing() {
    SharedExperts experts = experts();
    weights[0][0] = 9;
    mean[0] = 9;
    assertThat(experts.rewards(filled(1))).containsExactly(0, 0);
    assertThat(experts.mean()[0]).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "names",
        "descriptions",
        "mean",
        "deviation",
        "low",
        "high",
        "weights",
        "weights[1]",
        "population"
      })
  void aWrongFieldIsNamed(String field) {
    switch (field) {
      case "names" -> names = List.of("Brevity", "Brevity");
      case "descriptions" -> descriptions = List.of("one");
      case "mean" -> mean[1] = Float.NaN;
      case "deviation" -> deviation[0] = -1;
      case "low" -> low[1] = 4;
      case "high" -> high = new float[1];
      case "weights" -> weights = new float[1][TRAITS];
      case "weights[1]" -> weights[1] = new float[3];
      default -> population = new float[] {0, Float.POSITIVE_INFINITY};
    }
    assertThatThrownBy(this::experts)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + field + "'");
  }

  @Test
  @NullUnmarked
  void noExpertsNullFieldsAndBlankNamesAreRefused() {
    names = List.of();
    assertThatThrownBy(this::experts).hasMessageContaining("'names'");
    names = List.of("Brevity", " ");
    assertThatThrownBy(this::experts).hasMessageContaining("'names'");
    names = null;
    assertThatThrownBy(this::experts).hasMessageContaining("'names'");
    names = List.of("Brevity", "Structure");
    weights = null;
    assertThatThrownBy(this::experts).hasMessageContaining("'weights'");
    weights = new float[2][TRAITS];
    mean = null;
    assertThatThrownBy(this::experts).hasMessageContaining("'mean'");
  }

  @Test
  @NullUnmarked
  void wrongTraitsAndNullTextsAreRefused() {
    SharedExperts experts = experts();
    assertThatThrownBy(() -> experts.rewards(new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'traits'");
    assertThatThrownBy(() -> experts.rewards(filled(Float.NaN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'traits'");
    assertThatThrownBy(() -> experts.rewards((String) null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> experts.withPopulation(new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'population'");
  }
}
