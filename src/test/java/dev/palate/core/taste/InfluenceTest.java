package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What a label is said to do to the shift, against solving again. */
class InfluenceTest {

  @Property(tries = 100)
  void itIsTheShiftsDerivativeByTheLogarithmOfTheLabelsStrength(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 12) int k,
      @ForAll @IntRange(min = 1, max = 24) int n) {
    Random random = new Random(seed);
    TasteSolver solver = new TasteSolver(Cases.prior(k, random, 1), new Likelihood(1.2, 0, 2));
    List<LabelMargin> labels = new ArrayList<>();
    Cases.labels(n, k, random, 1).forEach(label -> labels.add(times(label, 0.9)));
    int some = random.nextInt(n);

    double[] influence = solver.influence(labels).pulls()[some];

    double step = 1e-4;
    double[] more = solver.solve(with(labels, some, 1 + step)).shift();
    double[] less = solver.solve(with(labels, some, 1 - step)).shift();
    for (int j = 0; j < k; j++) {
      assertThat(influence[j])
          .as("expert %d", j)
          .isCloseTo((more[j] - less[j]) / (2 * step), within(1e-6));
    }
  }

  @Property(tries = 100)
  void aWeakLabelsInfluenceIsWhatItsLeavingOutTakesAway(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 12) int k,
      @ForAll @IntRange(min = 2, max = 24) int n,
      @ForAll @DoubleRange(min = 0, max = 0.1) double noise) {
    Random random = new Random(seed);
    TasteSolver solver = new TasteSolver(Cases.prior(k, random, 1), new Likelihood(1.2, noise, 2));
    List<LabelMargin> labels = Cases.labels(n, k, random, 1);
    int weak = random.nextInt(n);
    labels.set(weak, times(labels.get(weak), 1e-3));

    double[] influence = solver.influence(labels).pulls()[weak];

    List<LabelMargin> without = new ArrayList<>(labels);
    without.remove(weak);
    double[] taken = difference(solver.solve(labels).shift(), solver.solve(without).shift());
    double length = length(influence);
    assertThat(length(difference(influence, taken))).isLessThan(0.02 * length + 1e-9);
  }

  @Test
  void theLabelThatPullsAnExpertMostIsTheOneWhoseLeavingOutTakesMostAway() {
    Random random = new Random(7);
    int right = 0;
    for (int round = 0; round < 50; round++) {
      TasteSolver solver =
          new TasteSolver(Cases.prior(8, random, 0.05), new Likelihood(1, 0.01, 2));
      List<LabelMargin> labels = Cases.labels(12, 8, random, 1);
      double[][] influence = solver.influence(labels).pulls();
      double[] all = solver.solve(labels).shift();
      double[] first = new double[labels.size()];
      double[] exact = new double[labels.size()];
      for (int i = 0; i < labels.size(); i++) {
        List<LabelMargin> without = new ArrayList<>(labels);
        without.remove(i);
        first[i] = Math.abs(influence[i][0]);
        exact[i] = Math.abs(all[0] - solver.solve(without).shift()[0]);
      }
      right += largest(first) == largest(exact) ? 1 : 0;
    }
    assertThat(right).as("of 50 users").isGreaterThanOrEqualTo(45);
  }

  @Property(tries = 50)
  void itIsInTheOrderOfTheLabels(@ForAll long seed, @ForAll @IntRange(min = 2, max = 20) int n) {
    Random random = new Random(seed);
    TasteSolver solver = new TasteSolver(Cases.prior(6, random, 1), new Likelihood(1, 0.02, 2));
    List<LabelMargin> labels = Cases.labels(n, 6, random, 1);
    double[][] influence = solver.influence(labels).pulls();
    Collections.reverse(labels);
    double[][] reversed = solver.influence(labels).pulls();
    for (int i = 0; i < n; i++) {
      assertThat(reversed[n - 1 - i]).isEqualTo(influence[i]);
    }
  }

  @Test
  void withoutLabelsNothingPulls() {
    TasteSolver solver = new TasteSolver(Prior.isotropic(3, 1), new Likelihood(1, 0, 2));
    assertThat(solver.influence(List.of()).pulls()).isEmpty();
  }

  @Test
  void labelsOfAnotherModelAreRefused() {
    TasteSolver solver = new TasteSolver(Prior.isotropic(3, 1), new Likelihood(1, 0, 2));
    List<LabelMargin> labels = Cases.labels(2, 4, new Random(1), 1);
    assertThatThrownBy(() -> solver.influence(labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'margins'");
  }

  private static List<LabelMargin> with(List<LabelMargin> labels, int one, double factor) {
    List<LabelMargin> changed = new ArrayList<>(labels);
    changed.set(one, times(labels.get(one), factor));
    return changed;
  }

  private static LabelMargin times(LabelMargin label, double factor) {
    return new LabelMargin(label.margins(), label.routing(), label.strength() * factor);
  }

  private static double[] difference(double[] a, double[] b) {
    double[] difference = new double[a.length];
    for (int j = 0; j < a.length; j++) {
      difference[j] = a[j] - b[j];
    }
    return difference;
  }

  private static double length(double[] a) {
    return Math.sqrt(Rows.dot(a, a, 0, a.length));
  }

  private static int largest(double[] values) {
    int largest = 0;
    for (int i = 0; i < values.length; i++) {
      largest = values[i] > values[largest] ? i : largest;
    }
    return largest;
  }
}
