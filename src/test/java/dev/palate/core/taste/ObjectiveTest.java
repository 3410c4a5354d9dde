package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** In both coordinates: of many labels, and of few that are solved in their span. */
class ObjectiveTest {

  private static final int K = 5;
  private static final int MANY = 8;
  private static final int FEW = 3;
  private static final double H = 1e-5;

  @Property(tries = 200)
  void theGradientIsTheSlopeOfTheValue(
      @ForAll long seed,
      @ForAll boolean few,
      @ForAll @DoubleRange(min = 0, max = 0.4) double noise) {
    Case made = new Case(seed, few, noise);
    double[] slopes = new double[made.size];
    for (int j = 0; j < made.size; j++) {
      slopes[j] = (made.valueAt(j, H) - made.valueAt(j, -H)) / (2 * H);
    }
    assertThat(made.gradientAt(0, 0)).containsExactly(slopes, within(1e-6));
  }

  @Property(tries = 200)
  void theHessianIsTheSlopeOfTheGradient(
      @ForAll long seed,
      @ForAll boolean few,
      @ForAll @DoubleRange(min = 0, max = 0.4) double noise,
      @ForAll @IntRange(min = 0, max = FEW - 1) int column) {
    Case made = new Case(seed, few, noise);
    double[] ahead = made.gradientAt(column, H);
    double[] behind = made.gradientAt(column, -H);
    double[][] hessian = made.hessian();
    double[] above = new double[column + 1];
    double[] slopes = new double[column + 1];
    for (int j = 0; j <= column; j++) {
      above[j] = hessian[j][column];
      slopes[j] = (ahead[j] - behind[j]) / (2 * H);
    }
    assertThat(above).containsExactly(slopes, within(1e-5));
  }

  @Property(tries = 200)
  void theValueIsThatOfTheWrittenObjective(
      @ForAll long seed,
      @ForAll boolean few,
      @ForAll @DoubleRange(min = 0, max = 0.4) double noise) {
    Case made = new Case(seed, few, noise);
    double[] d = new double[K];
    made.objective.shift(made.x, d);
    double written = new Reference(made.prior, made.likelihood, made.labels).objective(d);
    assertThat(made.valueAt(0, 0)).isCloseTo(written, within(1e-9 * (1 + written)));
  }

  @Property(tries = 200)
  void sensitivityIsTheSlopeOfTheShift(@ForAll long seed, @ForAll boolean few) {
    Case made = new Case(seed, few, 0);
    double[][] sensitivity = new double[K][K];
    made.objective.sensitivity(sensitivity);
    double[] at = new double[K];
    double[] moved = new double[K];
    made.objective.shift(made.x, at);
    for (int i = 0; i < made.size; i++) {
      made.objective.shift(made.moved(i, 1).x, moved);
      for (int j = 0; j < K; j++) {
        assertThat(moved[j] - at[j]).isCloseTo(sensitivity[i][j], within(1e-12));
      }
    }
  }

  /** An objective and a point, made from a seed. */
  private static final class Case {
    private final Prior prior;
    private final Likelihood likelihood;
    private final List<LabelMargin> labels;
    private final Objective objective;
    private final double[] x = new double[K];
    private final int size;

    Case(long seed, boolean few, double noise) {
      Random random = new Random(seed);
      prior = Cases.prior(K, random, 1);
      likelihood = new Likelihood(1.3, noise, 2);
      labels = Cases.labels(few ? FEW : MANY, K, random, 1.5);
      labels.sort(LabelMargin.CANONICAL_ORDER);
      objective = new Objective(new PriorShape(prior), likelihood);
      objective.load(labels);
      objective.sign(2, -1);
      labels.set(2, TasteSolverTest.flipped(labels.get(2)));
      size = objective.size();
      for (int j = 0; j < size; j++) {
        x[j] = random.nextGaussian();
      }
    }

    double valueAt(int axis, double offset) {
      return moved(axis, offset).value;
    }

    double[] gradientAt(int axis, double offset) {
      double[] gradient = new double[size];
      objective.gradient(moved(axis, offset), gradient);
      return gradient;
    }

    double[][] hessian() {
      double[][] hessian = new double[K][K];
      objective.hessian(moved(0, 0), false, hessian);
      return hessian;
    }

    Point moved(int axis, double offset) {
      Point point = new Point(K);
      point.reserve(labels.size());
      point.x = x.clone();
      point.x[axis] += offset;
      objective.evaluate(point);
      return point;
    }
  }
}
