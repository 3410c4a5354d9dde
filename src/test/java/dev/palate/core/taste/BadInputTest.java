package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the solver refuses, and that the message names the field. */
class BadInputTest {

  private static final float[] ROUTING = {0.5f, 0.5f};
  private static final float[] MARGINS = {1, -1};

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
  void aStrengthOutOfRange(double strength) {
    refuses("'strength'", new LabelMargin(MARGINS, ROUTING, strength));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aMarginThatIsNotFinite(float margin) {
    refuses("'margins'", new LabelMargin(new float[] {0, margin}, ROUTING, 1));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, -0.1f})
  void aRoutingThatIsNoWeight(float weight) {
    refuses("'routing'", new LabelMargin(MARGINS, new float[] {1, weight}, 1));
  }

  @Test
  void marginsOfAnotherModel() {
    refuses("'margins'", new LabelMargin(new float[3], ROUTING, 1));
  }

  @Test
  void routingOfAnotherModel() {
    refuses("'routing'", new LabelMargin(MARGINS, new float[] {1, 0, 0}, 1));
  }

  @Test
  void aCovarianceOfAnotherSize() {
    refusesPrior("'covariance'", new Prior(new double[2], new double[3][3]));
  }

  @Test
  void aCovarianceThatIsNotSymmetric() {
    refusesPrior("symmetric", new Prior(new double[2], new double[][] {{1, 0.5}, {0, 1}}));
  }

  @Test
  void aCovarianceThatIsNotPositiveDefinite() {
    refusesPrior("positive definite", new Prior(new double[2], new double[][] {{1, 2}, {2, 1}}));
  }

  @Test
  void aCovarianceThatIsNotFinite() {
    refusesPrior(
        "'covariance'", new Prior(new double[2], new double[][] {{1, 0}, {0, Double.NaN}}));
  }

  @Test
  void aMeanThatIsNotFinite() {
    refusesPrior(
        "'mean'", new Prior(new double[] {0, Double.NaN}, new double[][] {{1, 0}, {0, 1}}));
  }

  @Test
  void aPriorOfNoExperts() {
    refusesPrior("'mean'", new Prior(new double[0], new double[0][0]));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aScaleThatIsNotPositive(double scale) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Likelihood(scale, 0, 2))
        .withMessageContaining("'scale'");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 0.5, Double.NaN})
  void aLabelNoiseOutOfRange(double noise) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Likelihood(1, noise, 2))
        .withMessageContaining("'labelNoise'");
  }

  @Test
  void keepingNoWeights() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Likelihood(1, 0, 0))
        .withMessageContaining("'topM'");
  }

  @Test
  void aNegativeNumberOfSharedExperts() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Likelihood(1, 0, 1, -1))
        .withMessageContaining("'sharedExperts'");
  }

  @Test
  void moreSharedExpertsThanExperts() {
    List<LabelMargin> labels = List.of(new LabelMargin(MARGINS, ROUTING, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TasteSolver.solve(Prior.isotropic(2, 1), new Likelihood(1, 0, 2, 3), labels))
        .withMessageContaining("'sharedExperts'");
  }

  @Test
  void aTieWhoseMarginIsNotFinite() {
    refuses("'margins'", LabelMargin.tie(new float[] {0, Float.NaN}, ROUTING, 1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1.01, Double.NaN})
  void aTieWhoseStrengthIsOutOfRange(double strength) {
    refuses("'strength'", LabelMargin.tie(MARGINS, ROUTING, strength));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN})
  void aTauThatIsNotPositive(double tau) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Prior.isotropic(2, tau))
        .withMessageContaining("'tau'");
  }

  private static void refuses(String named, LabelMargin label) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TasteSolver.solve(Prior.isotropic(2, 1), new Likelihood(1, 0, 2), List.of(label)))
        .withMessageContaining(named);
  }

  private static void refusesPrior(String named, Prior prior) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TasteSolver(prior, new Likelihood(1, 0, 2)))
        .withMessageContaining(named);
  }
}
