package dev.palate.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class ObjectiveTest {

  private static final int K = 5;
  private static final double H = 1e-5;

  @Property(tries = 100)
  void theGradientIsTheSlopeOfTheValue(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 0.4) double noise) {
    Case made = new Case(seed, noise);
    double[] slopes = new double[K];
    for (int j = 0; j < K; j++) {
      slopes[j] = (made.valueAt(j, H) - made.valueAt(j, -H)) / (2 * H);
    }
    assertThat(made.gradientAt(0, 0)).containsExactly(slopes, within(1e-6));
  }

  @Property(tries = 100)
  void theHessianIsTheSlopeOfTheGradient(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 0.4) double noise,
      @ForAll @IntRange(min = 0, max = K - 1) int row) {
    Case made = new Case(seed, noise);
    double[] ahead = made.gradientAt(row, H);
    double[] behind = made.gradientAt(row, -H);
    double[] slopes = new double[row + 1];
    for (int j = 0; j <= row; j++) {
      slopes[j] = (ahead[j] - behind[j]) / (2 * H);
    }
    double[][] hessian = made.hessian();
    double[] column = new double[row + 1];
    for (int j = 0; j <= row; j++) {
      column[j] = hessian[j][row];
    }
    assertThat(column).containsExactly(slopes, within(1e-5));
  }

  @Property(tries = 100)
  void whiteningLeavesTheValueOfTheWrittenObjective(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 0.4) double noise) {
    Case made = new Case(seed, noise);
    double[][] whitening = made.prior.whitening();
    double[] d = made.prior.mean().clone();
    for (int i = 0; i < K; i++) {
      for (int j = 0; j <= i; j++) {
        d[i] += whitening[j][i] * made.z[j];
      }
    }
    double written = new Reference(made.prior, made.likelihood, made.labels).objective(d);
    assertThat(made.valueAt(0, 0)).isCloseTo(written, within(1e-9 * (1 + written)));
  }

  /** An objective and a point, made from a seed. */
  private static final class Case {
    private final Prior prior;
    private final Likelihood likelihood;
    private final List<LabelMargin> labels;
    private final Objective objective;
    private final double[] z = new double[K];

    Case(long seed, double noise) {
      Random random = new Random(seed);
      prior = Cases.prior(K, random, 1);
      likelihood = new Likelihood(1.3, noise, 2);
      labels = Cases.labels(8, K, random, 1.5);
      objective = new Objective(prior.mean(), prior.whitening(), likelihood);
      labels.sort(LabelMargin.CANONICAL_ORDER);
      objective.load(labels);
      objective.sign(3, -1);
      labels.set(3, TasteSolverTest.flipped(labels.get(3)));
      for (int j = 0; j < K; j++) {
        z[j] = random.nextGaussian();
      }
    }

    double valueAt(int axis, double offset) {
      return moved(axis, offset).value;
    }

    double[] gradientAt(int axis, double offset) {
      double[] gradient = new double[K];
      objective.gradient(moved(axis, offset), gradient);
      return gradient;
    }

    double[][] hessian() {
      double[][] hessian = new double[K][K];
      objective.hessian(moved(0, 0), false, hessian);
      return hessian;
    }

    private Point moved(int axis, double offset) {
      Point point = new Point(K);
      point.reserve(labels.size());
      point.z = z.clone();
      point.z[axis] += offset;
      objective.evaluate(point);
      return point;
    }
  }
}
