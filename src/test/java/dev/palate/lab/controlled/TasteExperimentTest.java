package dev.palate.lab.controlled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TasteExperimentTest {

  @Test
  void figuresAreMeansOverUsersAndTheWorstDecileIsTheirLowestTenth() {
    double[] before = IntStream.range(0, 20).mapToDouble(u -> 0.6 + 0.01 * u).toArray();
    double[] after = IntStream.range(0, 20).mapToDouble(u -> 0.88 - 0.01 * u).toArray();
    Map<String, Double> figures = TasteExperiment.figures(before, after, 0.9, 0.2);
    assertThat(figures.get("before")).isCloseTo(0.695, within(1e-9));
    assertThat(figures.get("after")).isCloseTo(0.785, within(1e-9));
    assertThat(figures.get("accuracy gained")).isCloseTo(0.09, within(1e-9));
    assertThat(figures.get("share of the gap")).isCloseTo(0.09 / 0.205, within(1e-9));
    assertThat(figures.get("worst decile before")).isCloseTo(0.605, within(1e-9));
    assertThat(figures.get("worst decile after")).isCloseTo(0.695, within(1e-9));
    assertThat(figures).containsEntry("log-likelihood gained", 0.2);
  }
}
