package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The minimizers that the solver is measured against, on problems whose answer is known. */
class MinimizersTest {

  /** A badly scaled quadratic with its minimum at 1, 2, 3, ... */
  private static final Lbfgs.Function BOWL =
      (x, gradient) -> {
        double value = 0;
        for (int j = 0; j < x.length; j++) {
          double weight = Math.pow(10, j);
          double off = x[j] - (j + 1);
          gradient[j] = weight * off;
          value += weight * off * off / 2;
        }
        return value;
      };

  private static final Lbfgs.Function ROSENBROCK =
      (x, gradient) -> {
        double a = 1 - x[0];
        double b = x[1] - x[0] * x[0];
        gradient[0] = -2 * a - 400 * x[0] * b;
        gradient[1] = 200 * b;
        return a * a + 100 * b * b;
      };

  @Test
  void lbfgsFindsTheBottomOfABowl() {
    assertThat(Lbfgs.minimize(BOWL, new double[4], 1e-10))
        .containsExactly(new double[] {1, 2, 3, 4}, within(1e-8));
  }

  @Test
  void lbfgsFindsTheEndOfRosenbrocksValley() {
    assertThat(Lbfgs.minimize(ROSENBROCK, new double[] {-1.2, 1}, 1e-10))
        .containsExactly(new double[] {1, 1}, within(1e-8));
  }

  @Test
  void lbfgsFindsAUsersShift() {
    Random random = new Random(1);
    Prior prior = Cases.prior(6, random, 1);
    Likelihood likelihood = new Likelihood(1, 0, 2);
    List<LabelMargin> labels = Cases.labels(15, 6, random, 1);
    double[] found =
        Lbfgs.minimize(new WrittenObjective(prior, likelihood, labels), prior.mean(), 1e-10);
    assertThat(found)
        .containsExactly(new Reference(prior, likelihood, labels).minimize(), within(1e-8));
  }

  @Test
  void adamComesNearTheBottomOfABowl() {
    assertThat(Adam.minimize(BOWL, new double[4]))
        .containsExactly(new double[] {1, 2, 3, 4}, within(0.01));
  }

  @Test
  void adamOnTheSimplexPutsAllWeightWhereTheSlopeLeads() {
    Lbfgs.Function downhillAlongTheThird =
        (d, gradient) -> {
          gradient[2] = -1;
          return -d[2];
        };
    double[] center = {0.25, 0.25, 0.5};
    double[] d = Adam.minimizeOnSimplex(downhillAlongTheThird, center);
    assertThat(d).containsExactly(new double[] {-0.25, -0.25, 0.5}, within(0.01));
  }

  @Test
  void thePreparedObjectiveIsTheWrittenOne() {
    Random random = new Random(2);
    Prior prior = Cases.prior(5, random, 1);
    Likelihood likelihood = new Likelihood(1.3, 0.05, 2);
    List<LabelMargin> labels = Cases.labels(9, 5, random, 1);
    Reference reference = new Reference(prior, likelihood, labels);
    double[] d = {0.1, -0.2, 0.3, 0, 0.5};
    double[] gradient = new double[5];
    double value = new WrittenObjective(prior, likelihood, labels).at(d, gradient);
    assertThat(value).isCloseTo(reference.objective(d), within(1e-12));
    assertThat(gradient).containsExactly(reference.gradient(d), within(1e-12));
  }
}
