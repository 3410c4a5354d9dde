package dev.palate.lab.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.Prior;
import dev.palate.lab.evaluate.WeightShifts.Shift;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeightShiftsTest {

  private static final int K = 5;
  private static final Likelihood LIKELIHOOD = new Likelihood(1, 0.05, 2);
  private static final List<ExpertCard> CARDS =
      IntStream.range(0, K)
          .mapToObj(k -> new ExpertCard(k, "e" + k, "likes " + k, 0.2, List.of(), List.of()))
          .toList();

  @Test
  void whoFollowsOneExpertAndOpposesAnotherIsSeenToDoSo() {
    WeightShifts shifts = of(Prior.isotropic(K, 1), labels(80));

    assertThat(shifts.labels()).isEqualTo(80);
    assertThat(shifts.rises(1)).extracting(Shift::name).containsExactly("e1");
    assertThat(shifts.falls(1)).extracting(Shift::name).containsExactly("e3");
    assertThat(shifts.rises(1).getFirst().significant()).isTrue();
    assertThat(shifts.falls(1).getFirst().significant()).isTrue();
  }

  @Test
  void aShiftIsSignificantExactlyWhenItLeavesTheBand() {
    double[] mean = {0.3, -0.2, 0, 0.1, 0};
    WeightShifts shifts = of(new Prior(mean, Prior.isotropic(K, 0.5).covariance()), labels(12));
    for (Shift shift : shifts.shifts()) {
      assertThat(shift.band()).as(shift.name()).isPositive();
      assertThat(shift.significant())
          .as(shift.name())
          .isEqualTo(Math.abs(shift.shift()) > shift.band());
    }
  }

  @Test
  void withoutLabelsNothingShifts() {
    double[] mean = {0.3, -0.2, 0, 0.1, 0};
    WeightShifts shifts = of(new Prior(mean, Prior.isotropic(K, 0.5).covariance()), List.of());
    assertThat(shifts.rises(K)).isEmpty();
    assertThat(shifts.falls(K)).isEmpty();
    assertThat(shifts.shifts()).hasSize(K).allMatch(shift -> shift.band() == 0);
  }

  @Test
  void theTableShowsRisesAboveFallsWithTheirCards() {
    String table = of(Prior.isotropic(K, 1), labels(80)).toMarkdown(1);
    assertThat(table.lines().skip(2)).hasSize(2);
    assertThat(table.lines().skip(2).findFirst().orElseThrow())
        .startsWith("| 1 | e1 | +")
        .endsWith("| yes | likes 1 |");
  }

  @Test
  void cardsMustBeThoseOfTheModel() {
    assertThatThrownBy(() -> of(Prior.isotropic(K + 1, 1), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'cards'");
  }

  private static WeightShifts of(Prior prior, List<LabelMargin> labels) {
    return WeightShifts.of(CARDS, prior, LIKELIHOOD, labels);
  }

  /** Of someone who likes what expert 1 likes and what expert 3 does not. */
  private static List<LabelMargin> labels(int n) {
    Random random = new Random(11);
    List<LabelMargin> labels = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      float[] margins = new float[K];
      for (int k = 0; k < K; k++) {
        margins[k] = (float) random.nextGaussian();
      }
      int sign = margins[1] - margins[3] > 0 ? 1 : -1;
      for (int k = 0; k < K; k++) {
        margins[k] *= sign;
      }
      labels.add(new LabelMargin(margins, new float[] {0.2f, 0.2f, 0.2f, 0.2f, 0.2f}, 1));
    }
    return labels;
  }
}
