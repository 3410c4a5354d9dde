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
}
