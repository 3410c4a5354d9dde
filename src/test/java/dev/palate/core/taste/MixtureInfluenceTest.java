package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MixtureInfluenceTest {

  private static final ScaleGrid GRID = SignificanceStudy.LEARNED;

  @Property(tries = 50)
  void ofFewLabelsEachPullIsWhatASolveWithoutTheLabelLacks(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int n) {
    Random random = new Random(seed);
    MixtureSolver solver =
        new MixtureSolver(Cases.prior(5, random, 1), new Likelihood(1.2, 0.05, 2), GRID);
    List<LabelMargin> labels = Cases.halfTied(Cases.labels(n, 5, random, 1), random);
    double[] all = solver.solve(labels).shift();
    double[][] pulls = solver.influence(labels).pulls();
    for (int i = 0; i < n; i++) {
      List<LabelMargin> others = new ArrayList<>(labels);
      others.remove(i);
      double[] without = solver.solve(others).shift();
      for (int j = 0; j < 5; j++) {
        assertThat(pulls[i][j]).isEqualTo(all[j] - without[j]);
      }
    }
  }

  /** The error of one step beside the exact pull, over all labels of a user. */
  @Property(tries = 60)
  void ofManyLabelsOneStepIsNearTheSolveWithoutTheLabel(
      @ForAll @IntRange(max = 1_000_000) int seed, @ForAll @IntRange(min = 33, max = 80) int n) {
    Random random = new Random(seed);
    MixtureSolver solver =
        new MixtureSolver(Cases.prior(6, random, 1), new Likelihood(1.2, 0.05, 2), GRID);
    List<LabelMargin> labels = Cases.halfTied(Cases.labels(n, 6, random, 1), random);
    double[][] exact = solver.influence(labels, n).pulls();
    double[][] step = solver.influence(labels).pulls();
    double off = 0;
    double length = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < 6; j++) {
        off += (step[i][j] - exact[i][j]) * (step[i][j] - exact[i][j]);
        length += exact[i][j] * exact[i][j];
      }
    }
    assertThat(Math.sqrt(off / length)).isLessThan(0.2);
  }

  @Property(tries = 200)
  void aLabelNeverLowersItsOwnLikelihoodUnderAnyScale(
      @ForAll long seed, @ForAll @IntRange(max = 20) int n) {
    Random random = new Random(seed);
    Likelihood likelihood = new Likelihood(1.2, 0, 2);
    Prior prior = Cases.prior(6, random, 1);
    MixtureSolver solver = new MixtureSolver(prior, likelihood, GRID);
    List<LabelMargin> labels = new ArrayList<>(Cases.labels(n, 6, random, 1));
    LabelMargin added = Cases.labels(1, 6, random, 1).getFirst();
    double[][] before = solver.posterior(labels).shifts();
    labels.add(added);
    double[][] after = solver.posterior(labels).shifts();
    for (int i = 0; i < GRID.size(); i++) {
      assertThat(added.margin(after[i], prior.leeway(), likelihood))
          .isGreaterThanOrEqualTo(added.margin(before[i], prior.leeway(), likelihood) - 1e-9);
    }
  }

  @Test
  void aTieIsLeftOutWhole() {
    Random random = new Random(4);
    MixtureSolver solver =
        new MixtureSolver(Cases.prior(4, random, 1), new Likelihood(1, 0, 2), GRID);
    List<LabelMargin> labels = new ArrayList<>(Cases.labels(40, 4, random, 1));
    LabelMargin some = labels.getFirst();
    labels.set(0, new LabelMargin(some.margins(), some.routing(), 1, true));
    double[] step = solver.influence(labels).pulls()[0];
    double[] exact = solver.influence(labels, 40).pulls()[0];
    for (int j = 0; j < 4; j++) {
      assertThat(step[j]).isCloseTo(exact[j], within(0.01));
    }
  }

  @Test
  void noLabelsPullNothing() {
    MixtureSolver solver = new MixtureSolver(Prior.isotropic(3, 1), new Likelihood(1, 0, 2), GRID);
    assertThat(solver.influence(List.of()).pulls()).isEmpty();
  }

  @Test
  void aLabelOfAnotherModelIsRefused() {
    MixtureSolver solver = new MixtureSolver(Prior.isotropic(2, 1), new Likelihood(1, 0, 2), GRID);
    LabelMargin label = new LabelMargin(new float[3], new float[] {1, 0, 0}, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> solver.influence(List.of(label)))
        .withMessageContaining("'margins'");
  }
}
