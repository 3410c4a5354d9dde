package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What RELIABILITY 17 promises of the solver. */
class TasteSolverTest {

  @Property(tries = 100)
  void withoutLabelsTheTasteIsExactlyThePrior(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 32) int k) {
    Prior prior = Cases.prior(k, new Random(seed), 1);
    assertThat(TasteSolver.solve(prior, new Likelihood(1, 0, 2), List.of()).shift())
        .isEqualTo(prior.mean());
  }

  @Test
  void withoutLabelsTheUncertaintyIsThePriors() {
    assertThat(
            TasteSolver.solve(Prior.isotropic(3, 0.25), new Likelihood(1, 0, 2), List.of())
                .uncertainty())
        .containsExactly(0.25, 0.25, 0.25);
  }

  @Test
  void withoutLabelsNothingIsSignificant() {
    assertThat(
            TasteSolver.solve(Prior.isotropic(3, 1), new Likelihood(1, 0, 2), List.of())
                .significant())
        .containsOnly(false);
  }

  @Test
  void withoutLabelsThereIsNoAgreement() {
    assertThat(
            TasteSolver.solve(Prior.isotropic(3, 1), new Likelihood(1, 0, 2), List.of())
                .agreement())
        .isNaN();
  }

  @Property(tries = 100)
  void theOrderOfLabelsDoesNotChangeABit(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int k,
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @DoubleRange(min = 0, max = 0.2) double noise) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(k, random, 1);
    Likelihood likelihood = new Likelihood(1.5, noise, 2);
    List<LabelMargin> labels = Cases.labels(n, k, random, 2);
    List<LabelMargin> shuffled = new ArrayList<>(labels);
    Collections.shuffle(shuffled, random);
    Taste first = TasteSolver.solve(prior, likelihood, labels);
    Taste second = TasteSolver.solve(prior, likelihood, shuffled);
    assertSameBits(second, first);
  }

  @Property(tries = 100)
  void aSolverUsedBeforeAnswersAsAFreshOne(@ForAll long seed) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(6, random, 1);
    Likelihood likelihood = new Likelihood(1, 0.05, 2);
    TasteSolver used = new TasteSolver(prior, likelihood);
    used.solveWithNullBand(Cases.labels(30, 6, random, 3));
    List<LabelMargin> labels = Cases.labels(7, 6, random, 1);
    assertSameBits(used.solveWithNullBand(labels), TasteSolver.solve(prior, likelihood, labels));
  }

  @Property(tries = 100)
  void aLabelTwiceIsALabelOfTwiceTheStrength(
      @ForAll long seed, @ForAll @DoubleRange(min = 0.01, max = 0.5) double strength) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(5, random, 1);
    List<LabelMargin> others = Cases.labels(4, 5, random, 1);
    LabelMargin label = Cases.label(5, random, 1);
    List<LabelMargin> twice = new ArrayList<>(others);
    twice.add(new LabelMargin(label.margins(), label.routing(), strength));
    twice.add(new LabelMargin(label.margins(), label.routing(), strength));
    List<LabelMargin> once = new ArrayList<>(others);
    once.add(new LabelMargin(label.margins(), label.routing(), 2 * strength));
    Likelihood likelihood = new Likelihood(1, 0, 2);
    TasteSolver solver = new TasteSolver(prior, likelihood);
    assertThat(solver.solve(twice).shift())
        .containsExactly(solver.solve(once).shift(), within(1e-12));
  }

  @Property(tries = 100)
  void labelsOfEqualFirstMarginsHaveAnOrderToo(@ForAll long seed) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(4, random, 1);
    Likelihood likelihood = new Likelihood(1, 0, 2);
    List<LabelMargin> labels = new ArrayList<>();
    for (LabelMargin label : Cases.labels(12, 4, random, 1)) {
      float[] margins = label.margins().clone();
      margins[0] = random.nextInt(2);
      margins[1] = random.nextInt(2);
      labels.add(new LabelMargin(margins, label.routing(), label.strength()));
    }
    List<LabelMargin> shuffled = new ArrayList<>(labels);
    Collections.shuffle(shuffled, random);
    assertSameBits(
        TasteSolver.solve(prior, likelihood, shuffled),
        TasteSolver.solve(prior, likelihood, labels));
  }

  @Property(tries = 200)
  void theObjectiveIsNeverWorseThanThePriors(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @DoubleRange(min = 0, max = 0.49) double noise,
      @ForAll @DoubleRange(min = 0, max = 4) double magnitude) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(6, random, 1);
    Likelihood likelihood = new Likelihood(1, noise, 2);
    List<LabelMargin> labels = Cases.labels(n, 6, random, Math.pow(10, magnitude));
    double reached = new TasteSolver(prior, likelihood).solve(labels).objective();
    assertThat(reached).isLessThanOrEqualTo(atPrior(prior, likelihood, labels));
  }

  @Property(tries = 100)
  void contradictionsStayFinite(
      @ForAll long seed, @ForAll @DoubleRange(min = -3, max = 30) double magnitude) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(4, random, 1);
    List<LabelMargin> labels = Cases.labels(3, 4, random, Math.pow(10, magnitude));
    List<LabelMargin> contradicted = new ArrayList<>(labels);
    labels.forEach(label -> contradicted.add(flipped(label)));
    for (double noise : new double[] {0, 0.1}) {
      Taste taste = TasteSolver.solve(prior, new Likelihood(2, noise, 2), contradicted);
      assertThat(Arrays.stream(taste.shift()).allMatch(Double::isFinite)).isTrue();
    }
  }

  @Property(tries = 100)
  void extremeMarginsStayFinite(
      @ForAll long seed, @ForAll @DoubleRange(min = -30, max = 37) double magnitude) {
    Random random = new Random(seed);
    List<LabelMargin> labels = Cases.labels(6, 4, random, Math.pow(10, magnitude));
    for (double noise : new double[] {0, 0.1}) {
      Taste taste =
          TasteSolver.solve(Cases.prior(4, random, 1), new Likelihood(2, noise, 2), labels);
      assertThat(taste.objective()).isFinite();
    }
  }

  @Property(tries = 200)
  void aLabelNeverLowersItsOwnLikelihood(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 20) int others) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(5, random, 1);
    Likelihood likelihood = new Likelihood(1, 0, 2);
    List<LabelMargin> labels = Cases.labels(others, 5, random, 1);
    LabelMargin label = Cases.label(5, random, 1);
    TasteSolver solver = new TasteSolver(prior, likelihood);
    double[] without = solver.solve(labels).shift();
    labels.add(label);
    double[] with = solver.solve(labels).shift();
    Reference reference = new Reference(prior, likelihood, labels);
    assertThat(reference.probability(label, with))
        .isGreaterThanOrEqualTo(reference.probability(label, without) - 1e-12);
  }

  @Property(tries = 100)
  void labelsNeverMakeUsLessCertainThanThePrior(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 0.4) double noise) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(5, random, 1);
    Taste taste =
        new TasteSolver(prior, new Likelihood(1, noise, 2)).solve(Cases.labels(10, 5, random, 2));
    for (int j = 0; j < 5; j++) {
      assertThat(taste.uncertainty()[j])
          .isLessThanOrEqualTo(Math.sqrt(prior.covariance()[j][j]) * (1 + 1e-12));
    }
  }

  @Test
  void agreementIsTheShareByStrengthOfLabelsOrderedAsLabelled() {
    float[] routing = {1};
    List<LabelMargin> labels =
        List.of(
            new LabelMargin(new float[] {2}, routing, 0.75),
            new LabelMargin(new float[] {-1}, routing, 0.25));
    assertThat(
            new TasteSolver(Prior.isotropic(1, 0.01), new Likelihood(1, 0, 1))
                .solve(labels)
                .agreement())
        .isEqualTo(0.75);
  }

  /** Every field bit for bit; AssertJ's recursive comparison forgives doubles 1e-15. */
  static void assertSameBits(Taste actual, Taste expected) {
    assertThat(actual.shift()).isEqualTo(expected.shift());
    assertThat(actual.uncertainty()).isEqualTo(expected.uncertainty());
    assertThat(actual.significant()).isEqualTo(expected.significant());
    assertThat(Double.doubleToLongBits(actual.agreement()))
        .isEqualTo(Double.doubleToLongBits(expected.agreement()));
    assertThat(Double.doubleToLongBits(actual.objective()))
        .isEqualTo(Double.doubleToLongBits(expected.objective()));
    assertThat(actual.iterations()).isEqualTo(expected.iterations());
  }

  static LabelMargin flipped(LabelMargin label) {
    float[] margins = label.margins().clone();
    for (int j = 0; j < margins.length; j++) {
      margins[j] = -margins[j];
    }
    return new LabelMargin(margins, label.routing(), label.strength());
  }

  /** The objective at the prior's mean, with no step taken. */
  private static double atPrior(Prior prior, Likelihood likelihood, List<LabelMargin> labels) {
    Objective objective = new Objective(new PriorShape(prior), likelihood);
    objective.load(labels);
    Point point = new Point(prior.expertCount());
    point.reserve(labels.size());
    objective.evaluate(point);
    return point.value;
  }
}
