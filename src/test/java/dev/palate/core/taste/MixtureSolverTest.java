package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MixtureSolverTest {

  private static final ScaleGrid GRID = SignificanceStudy.LEARNED;

  @Property(tries = 200)
  void withOneScaleShiftAndUncertaintyAreTheTasteSolversToTheBit(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 12) int k,
      @ForAll @IntRange(max = 30) int n,
      @ForAll @DoubleRange(max = 0.3) double noise) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(k, random, 1);
    Likelihood likelihood = new Likelihood(1.2, noise, 2);
    List<LabelMargin> labels = Cases.halfTied(Cases.labels(n, k, random, 1), random);
    UserPosterior solved = new MixtureSolver(prior, likelihood, ScaleGrid.SINGLE).solve(labels);
    Taste taste = new TasteSolver(prior, likelihood).solve(labels);
    assertThat(solved.shift()).isEqualTo(taste.shift());
    assertThat(solved.uncertainty()).isEqualTo(taste.uncertainty());
    assertThat(solved.scaleWeights()).containsExactly(1);
  }

  @Property(tries = 100)
  void withoutLabelsThePosteriorIsThePriorMixture(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 16) int k) {
    Prior prior = Cases.prior(k, new Random(seed), 1);
    UserPosterior solved = new MixtureSolver(prior, new Likelihood(1, 0, 2), GRID).solve(List.of());
    double meanSquare = 0;
    for (int i = 0; i < GRID.size(); i++) {
      meanSquare += GRID.masses()[i] * GRID.scales()[i] * GRID.scales()[i];
    }
    assertThat(solved.shift()).isEqualTo(prior.mean());
    assertThat(solved.scaleWeights()).containsExactly(GRID.masses(), within(1e-14));
    assertThat(solved.significant()).containsOnly(false);
    assertThat(solved.agreement()).isNaN();
    for (int j = 0; j < k; j++) {
      assertThat(solved.uncertainty()[j])
          .isCloseTo(Math.sqrt(meanSquare * prior.covariance()[j][j]), within(1e-12));
    }
  }

  @Property(tries = 100)
  void theOrderOfLabelsDoesNotChangeABit(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 10) int k,
      @ForAll @IntRange(min = 1, max = 30) int n) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(k + 3, random, 1);
    Likelihood likelihood = new Likelihood(1.5, 0.02, 2, 3);
    List<LabelMargin> labels =
        Cases.halfTied(Cases.withShared(Cases.labels(n, k, random, 2), 3, random), random);
    List<LabelMargin> shuffled = new ArrayList<>(labels);
    Collections.shuffle(shuffled, random);
    assertSameBits(
        new MixtureSolver(prior, likelihood, GRID).solve(shuffled),
        new MixtureSolver(prior, likelihood, GRID).solve(labels));
  }

  @Property(tries = 50)
  void aSolverUsedBeforeAnswersAsAFreshOne(@ForAll long seed) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(6, random, 1);
    Likelihood likelihood = new Likelihood(1, 0.05, 2);
    MixtureSolver used = new MixtureSolver(prior, likelihood, GRID);
    used.solve(Cases.labels(30, 6, random, 3));
    used.posterior(Cases.labels(3, 6, random, 3));
    List<LabelMargin> labels = Cases.labels(9, 6, random, 1);
    assertSameBits(used.solve(labels), new MixtureSolver(prior, likelihood, GRID).solve(labels));
  }

  @Test
  void manyThreadsGetWhatOneSolverGives() {
    Random random = new Random(5);
    Prior prior = Cases.prior(9, random, 1);
    Likelihood likelihood = new Likelihood(1, 0.02, 2);
    List<List<LabelMargin>> users =
        IntStream.range(0, 100).mapToObj(i -> Cases.labels(i % 25, 9, random, 1)).toList();
    MixtureSolvers solvers = new MixtureSolvers(prior, likelihood, GRID, 1);
    List<UserPosterior> together = users.parallelStream().map(solvers::solve).toList();
    List<MixturePosterior> posteriors = users.parallelStream().map(solvers::posterior).toList();
    MixtureSolver alone = new MixtureSolver(prior, likelihood, GRID);
    for (int i = 0; i < users.size(); i++) {
      assertSameBits(together.get(i), alone.solve(users.get(i)));
      assertThat(posteriors.get(i).covariances())
          .isDeepEqualTo(alone.posterior(users.get(i)).covariances());
    }
  }

  @Property(tries = 100)
  void meanAndVarianceAreThoseOfTheComponents(
      @ForAll long seed, @ForAll @IntRange(max = 20) int n) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(6, random, 1);
    Likelihood likelihood = new Likelihood(1.3, 0.02, 2);
    List<LabelMargin> labels = Cases.labels(n, 6, random, 1);
    MixtureSolver solver = new MixtureSolver(prior, likelihood, GRID);
    UserPosterior solved = solver.solve(labels);
    MixturePosterior posterior = solver.posterior(labels);
    assertThat(solved.shift()).isEqualTo(posterior.mean());
    for (int j = 0; j < 6; j++) {
      double square = 0;
      for (int i = 0; i < GRID.size(); i++) {
        double shift = posterior.shifts()[i][j];
        square += posterior.weights()[i] * (posterior.covariances()[i][j][j] + shift * shift);
      }
      double variance = square - posterior.mean()[j] * posterior.mean()[j];
      assertThat(solved.uncertainty()[j]).isCloseTo(Math.sqrt(variance), within(1e-7));
    }
  }

  @Property(tries = 100)
  void weightsFollowMassAndEvidence(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int n) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(4, random, 0.1);
    Likelihood likelihood = new Likelihood(1, 0, 2);
    List<LabelMargin> labels = Cases.labels(n, 4, random, 1);
    double[] expected = new double[GRID.size()];
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      Prior scaled = prior.scaled(GRID.scales()[i] * GRID.scales()[i]);
      double evidence = new TasteSolver(scaled, likelihood).posterior(labels).logEvidence();
      expected[i] = GRID.masses()[i] * Math.exp(evidence);
      sum += expected[i];
    }
    for (int i = 0; i < expected.length; i++) {
      expected[i] /= sum;
    }
    assertThat(new MixtureSolver(prior, likelihood, GRID).solve(labels).scaleWeights())
        .containsExactly(expected, within(1e-10));
  }

  @Test
  void aTasteWithoutExceptionsIsTakenForAStrongOne() {
    Random random = new Random(3);
    Prior prior = Prior.isotropic(4, 0.25);
    List<LabelMargin> coins = Cases.labels(40, 4, random, 1);
    List<LabelMargin> taste = new ArrayList<>();
    for (LabelMargin label : coins) {
      taste.add(label.margins()[1] > 0 ? label : TasteSolverTest.flipped(label));
    }
    MixtureSolver solver = new MixtureSolver(prior, new Likelihood(1, 0, 2), GRID);
    assertThat(solver.solve(taste).scaleWeights()[5])
        .isGreaterThan(5 * solver.solve(coins).scaleWeights()[5]);
  }

  @Property(tries = 200)
  void atEachScaleALabelNeverLowersItsOwnLikelihood(
      @ForAll long seed,
      @ForAll @IntRange(max = 5) int scale,
      @ForAll @IntRange(max = 20) int others) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(5, random, 0.1);
    Likelihood likelihood = new Likelihood(1, 0, 2);
    double gamma = GRID.scales()[scale];
    MixtureSolver solver =
        new MixtureSolver(prior, likelihood, new ScaleGrid(new double[] {gamma}, new double[] {1}));
    List<LabelMargin> labels = Cases.labels(others, 5, random, 1);
    LabelMargin label = Cases.label(5, random, 1);
    double[] without = solver.solve(labels).shift();
    labels.add(label);
    double[] with = solver.solve(labels).shift();
    assertThat(label.margin(with, prior.leeway(), likelihood))
        .isGreaterThanOrEqualTo(label.margin(without, prior.leeway(), likelihood) - 1e-9);
  }

  @Property(tries = 100)
  void contradictionsStayFinite(
      @ForAll long seed, @ForAll @DoubleRange(min = -3, max = 30) double magnitude) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(4, random, 1);
    List<LabelMargin> labels = Cases.labels(4, 4, random, Math.pow(10, magnitude));
    List<LabelMargin> contradicted = new ArrayList<>(labels);
    labels.forEach(label -> contradicted.add(TasteSolverTest.flipped(label)));
    labels.forEach(label -> contradicted.add(LabelMargin.tie(label.margins(), label.routing(), 1)));
    for (double noise : new double[] {0, 0.1}) {
      UserPosterior solved =
          new MixtureSolver(prior, new Likelihood(2, noise, 2), GRID).solve(contradicted);
      for (double[] values : List.of(solved.shift(), solved.uncertainty(), solved.scaleWeights())) {
        assertThat(Arrays.stream(values).allMatch(Double::isFinite)).isTrue();
      }
    }
  }

  @Property(tries = 100)
  void extremeMarginsStayFinite(
      @ForAll long seed, @ForAll @DoubleRange(min = -30, max = 37) double magnitude) {
    Random random = new Random(seed);
    List<LabelMargin> labels = Cases.labels(6, 4, random, Math.pow(10, magnitude));
    for (double noise : new double[] {0, 0.1}) {
      UserPosterior solved =
          new MixtureSolver(Cases.prior(4, random, 1), new Likelihood(2, noise, 2), GRID)
              .solve(labels);
      assertThat(Arrays.stream(solved.scaleWeights()).sum()).isCloseTo(1, within(1e-12));
      assertThat(Arrays.stream(solved.shift()).allMatch(Double::isFinite)).isTrue();
    }
  }

  @Test
  void agreementIsTheShareByStrengthOfPreferencesOrderedAsLabelled() {
    float[] routing = {1};
    List<LabelMargin> labels =
        List.of(
            new LabelMargin(new float[] {2}, routing, 0.75),
            new LabelMargin(new float[] {-1}, routing, 0.25));
    assertThat(
            new MixtureSolver(Prior.isotropic(1, 0.001), new Likelihood(1, 0, 1), GRID)
                .solve(labels)
                .agreement())
        .isEqualTo(0.75);
  }

  @Test
  void aPriorThatIsNotAsDescribedIsRefusedByName() {
    Likelihood likelihood = new Likelihood(1, 0, 2);
    Prior wide = new Prior(new double[2], new double[3][3]);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MixtureSolver(wide, likelihood, GRID))
        .withMessageContaining("'covariance'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MixtureSolvers(wide, likelihood, GRID, 1))
        .withMessageContaining("'covariance'");
  }

  @Test
  void moreSharedExpertsThanExpertsAreRefusedByName() {
    Prior prior = Prior.isotropic(2, 1);
    Likelihood likelihood = new Likelihood(1, 0, 2, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MixtureSolver(prior, likelihood, GRID))
        .withMessageContaining("'sharedExperts'");
  }

  @Test
  void keepingNoSolverIsRefusedByName() {
    Prior prior = Prior.isotropic(2, 1);
    Likelihood likelihood = new Likelihood(1, 0, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MixtureSolvers(prior, likelihood, GRID, 0))
        .withMessageContaining("'kept'");
  }

  @Test
  void aLabelThatIsNotAsDescribedIsRefusedByName() {
    MixtureSolver solver = new MixtureSolver(Prior.isotropic(2, 1), new Likelihood(1, 0, 2), GRID);
    List<LabelMargin> labels =
        List.of(new LabelMargin(new float[] {1, Float.NaN}, new float[] {1, 0}, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> solver.solve(labels))
        .withMessageContaining("'margins'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> solver.posterior(labels))
        .withMessageContaining("'margins'");
  }

  private static void assertSameBits(UserPosterior actual, UserPosterior expected) {
    assertThat(actual.shift()).isEqualTo(expected.shift());
    assertThat(actual.uncertainty()).isEqualTo(expected.uncertainty());
    assertThat(actual.significant()).isEqualTo(expected.significant());
    assertThat(actual.scaleWeights()).isEqualTo(expected.scaleWeights());
    assertThat(Double.doubleToLongBits(actual.agreement()))
        .isEqualTo(Double.doubleToLongBits(expected.agreement()));
  }
}
