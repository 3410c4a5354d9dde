package dev.palate.core.taste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleGridTest {

  @Test
  void theSingleGridIsThePriorAsItIs() {
    assertThat(ScaleGrid.SINGLE.scales()).containsExactly(1);
    assertThat(ScaleGrid.SINGLE.masses()).containsExactly(1);
    assertThat(ScaleGrid.SINGLE.size()).isEqualTo(1);
  }

  @Test
  void laterChangesOfTheArraysGivenDoNotReachTheGrid() {
    double[] scales = {0.5, 2};
    ScaleGrid grid = new ScaleGrid(scales, new double[] {0.5, 0.5});
    scales[0] = 9;
    assertThat(grid.scales()).containsExactly(0.5, 2);
  }

  @Test
  void massesThatWereRoundedToFloatsAreAccepted() {
    assertThat(new ScaleGrid(new double[] {1, 2, 3}, new double[] {0.1f, 0.2f, 0.7f}).size())
        .isEqualTo(3);
  }

  @Test
  void anEmptyGridIsRefused() {
    refuses("'scales'", new double[0], new double[0]);
  }

  @Test
  void massesOfAnotherNumberAreRefused() {
    refuses("'masses'", new double[] {1, 2}, new double[] {1});
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1, 0.5, Double.NaN, Double.POSITIVE_INFINITY, 1e7})
  void aScaleThatIsNotPositiveAscendingAndFiniteIsRefused(double scale) {
    refuses("'scales'", new double[] {1, scale}, new double[] {0.5, 0.5});
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, Double.NaN})
  void aMassThatIsNotPositiveIsRefused(double mass) {
    refuses("'masses'", new double[] {1, 2}, new double[] {1 - mass, mass});
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.4, 0.6, Double.POSITIVE_INFINITY})
  void massesThatDoNotSumToOneAreRefused(double mass) {
    refuses("'masses'", new double[] {1, 2}, new double[] {0.5, mass});
  }

  private static void refuses(String named, double[] scales, double[] masses) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ScaleGrid(scales, masses))
        .withMessageContaining(named);
  }
}
