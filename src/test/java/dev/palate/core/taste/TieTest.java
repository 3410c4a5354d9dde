package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TieTest {

  private static final int K = 6;

  @Property(tries = 100)
  void aTieIsHalfALabelEachWay(
      @ForAll long seed,
      @ForAll @IntRange(max = 10) int others,
      @ForAll @DoubleRange(max = 0.4) double noise) {
    Random random = new Random(seed);
    TasteSolver solver = new TasteSolver(Cases.prior(K, random, 1), new Likelihood(1, noise, 2));
    LabelMargin label = Cases.label(K, random, 1);
    List<LabelMargin> tied = Cases.labels(others, K, random, 1);
    List<LabelMargin> halved = new ArrayList<>(tied);
    tied.add(LabelMargin.tie(label.margins(), label.routing(), label.strength()));
    LabelMargin half = new LabelMargin(label.margins(), label.routing(), label.strength() / 2);
    halved.add(half);
    halved.add(TasteSolverTest.flipped(half));
    assertThat(solver.solve(tied).shift())
        .containsExactly(solver.solve(halved).shift(), within(1e-10));
  }

  @Property(tries = 100)
  void theOrderOfTheResponsesDoesNotChangeABit(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int n) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(K, random, 1);
    Likelihood likelihood = new Likelihood(1, 0.05, 2);
    List<LabelMargin> labels = new ArrayList<>();
    List<LabelMargin> swapped = new ArrayList<>();
    for (LabelMargin label : Cases.halfTied(Cases.labels(n, K, random, 1), random)) {
      // Differences of equal rewards are 0 in either order
      label.margins()[0] = random.nextInt(2);
      label.margins()[1] = 0;
      labels.add(label);
      float[] margins = new float[K];
      for (int j = 0; j < K; j++) {
        margins[j] = 0 - label.margins()[j];
      }
      swapped.add(
          label.tie() ? LabelMargin.tie(margins, label.routing(), label.strength()) : label);
    }
    TasteSolverTest.assertSameBits(
        new TasteSolver(prior, likelihood).solve(swapped),
        new TasteSolver(prior, likelihood).solve(labels));
  }

  @Property(tries = 100)
  void aTieLeavesThePriorsMeanWhereTheBaseMarginIsZero(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int n) {
    Random random = new Random(seed);
    Prior prior = new Prior(new double[K], Cases.prior(K, random, 1).covariance());
    List<LabelMargin> ties = new ArrayList<>();
    for (LabelMargin label : Cases.labels(n, K, random, 1)) {
      // All experts shared, of no weight in the population
      ties.add(LabelMargin.tie(label.margins(), new float[K], label.strength()));
    }
    assertThat(new TasteSolver(prior, new Likelihood(1, 0.02, 1, K)).solve(ties).shift())
        .containsExactly(new double[K], within(1e-12));
  }

  @Property(tries = 100)
  void aTiePullsItsPersonalMarginTowardZero(
      @ForAll long seed, @ForAll @IntRange(max = 10) int others) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(K, random, 1);
    Likelihood likelihood = new Likelihood(1, 0, 2);
    TasteSolver solver = new TasteSolver(prior, likelihood);
    List<LabelMargin> labels = Cases.labels(others, K, random, 1);
    LabelMargin label = Cases.label(K, random, 1);
    double before = label.margin(solver.solve(labels).shift(), prior.leeway(), likelihood);
    labels.add(LabelMargin.tie(label.margins(), label.routing(), label.strength()));
    double after = label.margin(solver.solve(labels).shift(), prior.leeway(), likelihood);
    assertThat(Math.abs(after)).isLessThanOrEqualTo(Math.abs(before) + 1e-12);
    assertThat(after * before).isGreaterThanOrEqualTo(-1e-12);
  }

  @Test
  void tiesDoNotCountInTheAgreement() {
    float[] routing = {1};
    List<LabelMargin> labels =
        List.of(
            new LabelMargin(new float[] {2}, routing, 0.75),
            new LabelMargin(new float[] {-1}, routing, 0.25),
            LabelMargin.tie(new float[] {3}, routing, 1));
    Prior prior = Prior.isotropic(1, 0.01);
    Likelihood likelihood = new Likelihood(1, 0, 1);
    assertThat(new TasteSolver(prior, likelihood).solve(labels).agreement()).isEqualTo(0.75);
    assertThat(new MixtureSolver(prior, likelihood, ScaleGrid.SINGLE).solve(labels).agreement())
        .isEqualTo(0.75);
  }

  @Test
  void tiesAloneHaveNoAgreementAndNoSignificance() {
    Random random = new Random(2);
    Prior prior = Cases.prior(K, random, 1);
    List<LabelMargin> ties = new ArrayList<>();
    for (LabelMargin label : Cases.labels(40, K, random, 1)) {
      ties.add(LabelMargin.tie(label.margins(), label.routing(), 1));
    }
    UserPosterior solved =
        new MixtureSolver(prior, new Likelihood(1, 0, 2), SignificanceStudy.LEARNED).solve(ties);
    assertThat(solved.agreement()).isNaN();
    assertThat(solved.significant()).containsOnly(false);
  }

  @Property(tries = 50)
  void theInfluenceOfATieIsThatOfItsHalves(@ForAll long seed) {
    Random random = new Random(seed);
    TasteSolver solver = new TasteSolver(Cases.prior(K, random, 1), new Likelihood(1, 0, 2));
    LabelMargin label = Cases.label(K, random, 1);
    LabelMargin half = new LabelMargin(label.margins(), label.routing(), label.strength() / 2);
    List<LabelMargin> tied = new ArrayList<>();
    tied.add(LabelMargin.tie(label.margins(), label.routing(), label.strength()));
    tied.addAll(Cases.labels(8, K, random, 1));
    List<LabelMargin> halved = new ArrayList<>(tied);
    halved.set(0, half);
    halved.add(TasteSolverTest.flipped(half));
    double[][] expected = solver.influence(halved).pulls();
    double[][] found = solver.influence(tied).pulls();
    assertThat(found).hasNumberOfRows(9);
    for (int j = 0; j < K; j++) {
      assertThat(found[0][j]).isCloseTo(expected[0][j] + expected[9][j], within(1e-10));
      assertThat(found[8][j]).isCloseTo(expected[8][j], within(1e-10));
    }
  }
}
