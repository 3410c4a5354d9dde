package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** The solver against slow references , few labels and many, easy priors and hard. */
class SolverExactnessTest {

  @Property(tries = 100)
  void theSlowReferenceAgreesWhereFewLabelsRepeatAndContradictEachOther(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 3) int others) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(12, random, 1);
    Likelihood likelihood = new Likelihood(1, 0, 2);
    List<LabelMargin> labels = Cases.labels(1 + others, 12, random, 1);
    labels.add(labels.getFirst());
    labels.add(TasteSolverTest.flipped(labels.getFirst()));
    labels.add(new LabelMargin(new float[12], labels.getFirst().routing(), 1));
    assertThat(new TasteSolver(prior, likelihood).solve(labels).shift())
        .containsExactly(new Reference(prior, likelihood, labels).minimize(), within(1e-8));
  }

  @Property(tries = 100)
  void uncertaintyIsTheRootOfTheInverseHessiansDiagonal(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int n) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(8, random, 1);
    Likelihood likelihood = new Likelihood(1.3, 0, 2);
    List<LabelMargin> labels = Cases.labels(n, 8, random, 1);
    Taste taste = new TasteSolver(prior, likelihood).solve(labels);
    double[][] covariance =
        Reference.inverse(new Reference(prior, likelihood, labels).hessian(taste.shift()));
    for (int j = 0; j < 8; j++) {
      assertThat(taste.uncertainty()[j])
          .isCloseTo(Math.sqrt(covariance[j][j]), within(1e-7 * taste.uncertainty()[j]));
    }
  }

  @Property(tries = 100)
  void thePosteriorsCovarianceIsTheInverseHessian(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int n) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(6, random, 1);
    Likelihood likelihood = new Likelihood(1.3, 0, 2);
    List<LabelMargin> labels = Cases.labels(n, 6, random, 1);
    TasteSolver.Posterior posterior = new TasteSolver(prior, likelihood).posterior(labels);
    double[][] covariance =
        Reference.inverse(new Reference(prior, likelihood, labels).hessian(posterior.shift()));
    for (int j = 0; j < 6; j++) {
      assertThat(posterior.covariance()[j]).containsExactly(covariance[j], within(1e-6));
    }
  }

  @Property(tries = 100)
  void theEvidenceIsTheSameInEitherCoordinates(@ForAll long seed) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(6, random, 1);
    Likelihood likelihood = new Likelihood(1.3, 0, 2);
    List<LabelMargin> few = Cases.labels(4, 6, random, 1);
    List<LabelMargin> many = new ArrayList<>(few);
    float[] routing = few.getFirst().routing();
    // A label of margin zero says nothing but that it costs log 2
    many.addAll(Collections.nCopies(3, new LabelMargin(new float[6], routing, 1)));
    TasteSolver solver = new TasteSolver(prior, likelihood);
    assertThat(solver.posterior(many).logEvidence())
        .isCloseTo(solver.posterior(few).logEvidence() - 3 * Math.log(2), within(1e-8));
  }

  @Property(tries = 100)
  void expertsThatAgreeNearlyAlwaysAreSolvedAsWell(
      @ForAll long seed, @ForAll @IntRange(min = 40, max = 120) int n) {
    Random random = new Random(seed);
    int k = 40;
    Prior prior = Prior.isotropic(k, 0.5);
    Likelihood likelihood = new Likelihood(1, 0.02, 2);
    List<LabelMargin> labels = new ArrayList<>();
    for (LabelMargin label : Cases.labels(n, k, random, 0.3)) {
      float common = (float) random.nextGaussian();
      float[] margins = label.margins().clone();
      for (int j = 0; j < k; j++) {
        margins[j] += common;
      }
      labels.add(new LabelMargin(margins, label.routing(), label.strength()));
    }
    double[] shift = new TasteSolver(prior, likelihood).solve(labels).shift();
    assertThat(new Reference(prior, likelihood, labels).gradient(shift))
        .containsExactly(new double[k], within(1e-8));
  }

  @Property(tries = 100)
  void aPriorUnderWhichExpertsHardlyDifferIsSolvedAsWell(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int n) {
    Random random = new Random(seed);
    int k = 8;
    double[][] covariance = new double[k][k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        covariance[i][j] = i == j ? 1 : 0.999;
      }
    }
    Prior prior = new Prior(new double[k], covariance);
    Likelihood likelihood = new Likelihood(1, 0, 2);
    List<LabelMargin> labels = Cases.labels(n, k, random, 1);
    double[] found = new TasteSolver(prior, likelihood).solve(labels).shift();
    double[] gradient = new Reference(prior, likelihood, labels).gradient(found);
    // Sigma times the gradient bounds the distance from the optimum
    for (int i = 0; i < k; i++) {
      double distance = 0;
      for (int j = 0; j < k; j++) {
        distance += covariance[i][j] * gradient[j];
      }
      assertThat(distance).isCloseTo(0, within(1e-10));
    }
  }

  @Property(tries = 100)
  void aPriorCloseToZeroHoldsTheShift(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int n) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(8, random, 1).scaled(0);
    List<LabelMargin> labels = Cases.labels(n, 8, random, 1);
    assertThat(new TasteSolver(prior, new Likelihood(1, 0.01, 2)).solve(labels).shift())
        .containsExactly(prior.mean(), within(1e-6));
  }

  @Property(tries = 100)
  void theSlowReferenceAgrees(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int k,
      @ForAll @IntRange(min = 1, max = 25) int n,
      @ForAll @DoubleRange(min = 0.2, max = 3) double scale) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(k, random, 1);
    Likelihood likelihood = new Likelihood(scale, 0, 2);
    List<LabelMargin> labels = Cases.labels(n, k, random, 1);
    assertThat(new TasteSolver(prior, likelihood).solve(labels).shift())
        .containsExactly(new Reference(prior, likelihood, labels).minimize(), within(1e-8));
  }

  @Property(tries = 100)
  void theSlowReferenceAgreesWithSharedExperts(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 4) int routed,
      @ForAll @IntRange(min = 1, max = 5) int shared,
      @ForAll @IntRange(min = 1, max = 20) int n) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(routed + shared, random, 1);
    Likelihood likelihood = new Likelihood(1, 0, 2, shared);
    List<LabelMargin> labels = Cases.withShared(Cases.labels(n, routed, random, 1), shared, random);
    assertThat(new TasteSolver(prior, likelihood).solve(labels).shift())
        .containsExactly(new Reference(prior, likelihood, labels).minimize(), within(1e-8));
  }

  @Property(tries = 200)
  void theShiftIsAStationaryPointWithLabelNoiseToo(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 12) int k,
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @DoubleRange(min = 0, max = 0.45) double noise) {
    Random random = new Random(seed);
    Prior prior = Cases.prior(k, random, 1);
    Likelihood likelihood = new Likelihood(1, noise, 2);
    List<LabelMargin> labels = Cases.labels(n, k, random, 2);
    double[] shift = new TasteSolver(prior, likelihood).solve(labels).shift();
    assertThat(new Reference(prior, likelihood, labels).gradient(shift))
        .containsExactly(new double[k], within(1e-8));
  }
}
