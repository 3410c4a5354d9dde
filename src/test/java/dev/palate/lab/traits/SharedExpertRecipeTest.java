package dev.palate.lab.traits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.traits.SharedExperts;
import dev.palate.core.traits.TextTraits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

class SharedExpertRecipeTest {

  private static final int TRAITS = TextTraits.NAMES.size();
  private static final int LENGTH = TextTraits.NAMES.indexOf("length");
  private static final int TABLES = TextTraits.NAMES.indexOf("table_rows");
  private static final int EMOJI = TextTraits.NAMES.indexOf("emoji");

  private final List<float[]> chosen = new ArrayList<>();
  private final List<float[]> rejected = new ArrayList<>();

  SharedExpertRecipeTest() {
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      chosen.add(made(random));
      rejected.add(made(random));
    }
  }

  /** Every trait goes with length; tables never vary; an emoji stands in every 250th text. */
  private static float[] made(Random random) {
    float[] traits = new float[TRAITS];
    double length = random.nextGaussian();
    for (int t = 0; t < TRAITS; t++) {
      traits[t] = (float) (.6 * length + random.nextGaussian() + t);
    }
    traits[LENGTH] = (float) length;
    traits[TABLES] = 0;
    traits[EMOJI] = random.nextInt(250) == 0 ? (float) Math.log(2) : 0;
    return traits;
  }

  private SharedExperts fitted() {
    return SharedExpertRecipe.fit(chosen, rejected);
  }

  private double[] margins(SharedExperts experts, int k) {
    double[] margins = new double[chosen.size()];
    for (int i = 0; i < margins.length; i++) {
      margins[i] = (double) experts.rewards(chosen.get(i))[k] - experts.rewards(rejected.get(i))[k];
    }
    return margins;
  }

  @Test
  void allButBrevityAreOrthogonalToLengthOnTrainingPairs() {
    SharedExperts experts = fitted();
    double[] shorter = margins(experts, experts.names().indexOf("Brevity"));
    for (int k = 0; k < experts.expertCount(); k++) {
      if (!experts.names().get(k).equals("Brevity")) {
        double[] own = margins(experts, k);
        double common = 0;
        for (int i = 0; i < own.length; i++) {
          common += own[i] * shorter[i] / own.length;
        }
        assertThat(common).as(experts.names().get(k)).isCloseTo(0, within(1e-5));
      }
    }
  }

  @Test
  void everyExpertsMarginsHaveUnitDeviation() {
    SharedExperts experts = fitted();
    for (int k = 0; k < experts.expertCount(); k++) {
      double squares = 0;
      for (double margin : margins(experts, k)) {
        squares += margin * margin;
      }
      assertThat(Math.sqrt(squares / chosen.size()))
          .as(experts.names().get(k))
          .isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void rangesAreTheFirstAndLastHundredth() {
    SharedExperts experts = fitted();
    int trait = TextTraits.NAMES.indexOf("hedges");
    long below = count(trait, experts.low()[trait], -1);
    long above = count(trait, experts.high()[trait], 1);
    assertThat(below).isBetween(8L, 12L);
    assertThat(above).isBetween(8L, 12L);
  }

  private long count(int trait, float bound, int side) {
    List<float[]> all = new ArrayList<>(chosen);
    all.addAll(rejected);
    return all.stream().filter(row -> side * (row[trait] - bound) > 0).count();
  }

  @Test
  void aRareMarkIsHeardAndNotLoud() {
    SharedExperts experts = fitted();
    assertThat(experts.high()[EMOJI]).isEqualTo((float) Math.log(4));
    float range = experts.high()[EMOJI] - experts.low()[EMOJI];
    assertThat(experts.deviation()[EMOJI]).isCloseTo(range / 6, within(1e-6f));
  }

  @Test
  void aTraitThatNeverVariesContributesNothing() {
    SharedExperts experts = fitted();
    assertThat(experts.deviation()[TABLES]).isZero();
    float[] with = made(new Random(1));
    float[] without = with.clone();
    with[TABLES] = 3;
    assertThat(experts.rewards(with)).isEqualTo(experts.rewards(without));
  }

  @Test
  void pairsThatNeverVaryGiveSilentExperts() {
    List<float[]> same = List.of(new float[TRAITS], new float[TRAITS]);
    SharedExperts experts = SharedExpertRecipe.fit(same, same);
    assertThat(experts.rewards("- any\n- text!")).isEqualTo(new float[experts.expertCount()]);
  }

  @Test
  void whichTextOfAPairWasChosenAndTheRunChangeNothing() {
    SharedExperts once = fitted();
    SharedExperts swapped = SharedExpertRecipe.fit(rejected, chosen);
    for (int k = 0; k < once.expertCount(); k++) {
      assertThat(fitted().weights()[k]).isEqualTo(once.weights()[k]);
      assertThat(swapped.weights()[k]).containsExactly(once.weights()[k], within(1e-4f));
    }
  }

  @Test
  void everyExpertHasItsNameASentenceAndNoWeightInThePopulation() {
    SharedExperts experts = fitted();
    assertThat(experts.names())
        .containsExactly(
            "Brevity",
            "Structure",
            "Formality",
            "Warmth",
            "Expressiveness",
            "Caution",
            "Directness",
            "Concreteness",
            "Code first",
            "Figurative language",
            "Addressing the reader",
            "Plain words");
    assertThat(experts.descriptions()).allMatch(text -> text.matches("Positive: .*\\."));
    assertThat(experts.population()).containsOnly(0);
  }

  @Test
  void safetyAndRefusalAreNoTaste() {
    int apology = TextTraits.NAMES.indexOf("apology");
    for (float[] weights : fitted().weights()) {
      assertThat(weights[apology]).isZero();
    }
  }

  @Test
  @NullUnmarked
  void wrongTrainingTextsAreRefusedByName() {
    assertThatThrownBy(() -> SharedExpertRecipe.fit(List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'chosen'");
    assertThatThrownBy(() -> SharedExpertRecipe.fit(null, rejected))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'chosen'");
    assertThatThrownBy(() -> SharedExpertRecipe.fit(chosen, chosen.subList(0, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'rejected'");
    assertThatThrownBy(() -> SharedExpertRecipe.fit(chosen, List.of(new float[2])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'rejected'");
    float[] bad = made(new Random(1));
    bad[4] = Float.NaN;
    assertThatThrownBy(() -> SharedExpertRecipe.fit(List.of(bad), List.of(bad)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'chosen'");
  }
}
