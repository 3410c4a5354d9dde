package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingWeightsTest {

  private static final double[] FULL = {1, 1};

  @Test
  void theLargestWeightsAreKeptAndRenormalized() {
    assertThat(RoutingWeights.sparsify(new float[] {0.1f, 0.5f, 0.15f, 0.25f}, 2))
        .containsExactly(new double[] {0, 2 / 3.0, 0, 1 / 3.0}, within(1e-12));
  }

  @Test
  void ofEqualWeightsTheLowerIndexIsKept() {
    assertThat(RoutingWeights.sparsify(new float[] {0.25f, 0.25f, 0.25f, 0.25f}, 2))
        .containsExactly(0.5, 0.5, 0, 0);
  }

  @Test
  void moreThanAllKeepsAll() {
    assertThat(RoutingWeights.sparsify(new float[] {0.5f, 0.5f}, 9)).containsExactly(0.5, 0.5);
  }

  @Test
  void theShiftIsAddedInFullToExpertsTheRouterDropped() {
    assertThat(RoutingWeights.personal(new float[] {0.75f, 0.25f}, new double[] {0, -0.5}, FULL, 1))
        .containsExactly(1, -0.5);
  }

  @Test
  void theShiftCountsAsFarAsTheRoutingGivesItLeeway() {
    double[] leeway = {1, 0.2};
    assertThat(RoutingWeights.personal(new float[] {0.75f, 0.25f}, new double[] {1, -1}, leeway, 1))
        .containsExactly(new double[] {1.8, -0.8}, within(1e-12));
  }

  @Property
  void sparsifiedWeightsSumToOneWithAtMostMOfThem(
      @ForAll @Size(min = 1, max = 64) List<@FloatRange(min = 0.01f, max = 1) Float> values,
      @ForAll @IntRange(min = 1, max = 64) int topM) {
    float[] routing = new float[values.size()];
    for (int j = 0; j < routing.length; j++) {
      routing[j] = values.get(j);
    }
    double[] weights = RoutingWeights.sparsify(routing, topM);
    double total = 0;
    int kept = 0;
    for (double weight : weights) {
      total += weight;
      kept += weight > 0 ? 1 : 0;
    }
    assertThat(kept).isEqualTo(Math.min(topM, routing.length));
    assertThat(total).isCloseTo(1, within(1e-12));
  }

  @Test
  void aShiftOfAnotherLengthIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoutingWeights.personal(new float[] {1, 0}, new double[3], FULL, 1))
        .withMessageContaining("'shift'");
  }

  @Test
  void routingThatIsNotANumberIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoutingWeights.sparsify(new float[] {1, Float.NaN}, 1))
        .withMessageContaining("'routing'");
  }

  @Test
  void routingThatIsAllZeroIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoutingWeights.sparsify(new float[] {0, 0}, 1))
        .withMessageContaining("'routing'");
  }

  @Test
  void keepingNoWeightIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoutingWeights.sparsify(new float[] {1, 0}, 0))
        .withMessageContaining("'topM'");
  }

  @Test
  void sharedWeightsPassAsTheyAreWhateverTheirSign() {
    float[] routing = {0.1f, 0.5f, 0.4f, -2, 7, 0};
    assertThat(RoutingWeights.sparsify(routing, 1, 3)).containsExactly(0, 1, 0, -2, 7, 0);
  }

  @Test
  void allExpertsMayBeShared() {
    assertThat(RoutingWeights.sparsify(new float[] {-2, 0}, 1, 2)).containsExactly(-2, 0);
  }

  @Property
  void theRoutedPartIsSparsifiedAsWithoutSharedExperts(
      @ForAll @Size(min = 1, max = 16) List<@FloatRange(min = 0.01f, max = 1) Float> routed,
      @ForAll @Size(max = 16) List<@FloatRange(min = -9, max = 9) Float> shared,
      @ForAll @IntRange(min = 1, max = 20) int topM) {
    float[] alone = new float[routed.size()];
    float[] routing = new float[routed.size() + shared.size()];
    double[] expected = new double[routing.length];
    for (int j = 0; j < alone.length; j++) {
      alone[j] = routed.get(j);
      routing[j] = routed.get(j);
    }
    System.arraycopy(RoutingWeights.sparsify(alone, topM), 0, expected, 0, alone.length);
    for (int j = 0; j < shared.size(); j++) {
      routing[alone.length + j] = shared.get(j);
      expected[alone.length + j] = shared.get(j);
    }
    assertThat(RoutingWeights.sparsify(routing, topM, shared.size())).containsExactly(expected);
  }

  @Test
  void sharedExpertsHaveNoPartInTheLeeway() {
    float[] routing = {0.75f, 0.25f, -8, 3};
    double[] leeway = {1, 0.2, 0, Double.NaN};
    assertThat(RoutingWeights.leewayAt(routing, leeway, 2)).isCloseTo(0.8, within(1e-12));
  }

  @Test
  void withoutRoutedExpertsAShiftCountsInFull() {
    assertThat(RoutingWeights.leewayAt(new float[] {-8, 3}, new double[2], 2)).isEqualTo(1);
  }

  @Test
  void theShiftOfSharedExpertsCountsByThePromptsLeeway() {
    float[] routing = {0.75f, 0.25f, -1};
    double[] leeway = {1, 0.2, 0};
    assertThat(RoutingWeights.personal(routing, new double[] {0, 0, 0.5}, leeway, 1, 1))
        .containsExactly(new double[] {1, 0, -0.6}, within(1e-12));
  }

  @Test
  void aMarginMixesRoutedAndSharedExperts() {
    LabelMargin label = new LabelMargin(new float[] {1, 2, 4}, new float[] {0.75f, 0.25f, -1}, 1);
    double margin =
        label.margin(
            new double[] {0, 0, 0.5}, new double[] {1, 0.2, 0}, new Likelihood(1, 0, 1, 1));
    assertThat(margin).isCloseTo(1 - 0.6 * 4, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aSharedWeightThatIsNotFiniteIsRefusedByName(float weight) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoutingWeights.sparsify(new float[] {1, weight}, 1, 1))
        .withMessageContaining("'routing'");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 3})
  void aNumberOfSharedExpertsOutOfRangeIsRefusedByName(int shared) {
    float[] routing = {1, 0};
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoutingWeights.sparsify(routing, 1, shared))
        .withMessageContaining("'sharedExperts'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoutingWeights.leewayAt(routing, FULL, shared))
        .withMessageContaining("'sharedExperts'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RoutingWeights.personal(routing, FULL, FULL, 1, shared))
        .withMessageContaining("'sharedExperts'");
  }
}
