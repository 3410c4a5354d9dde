package dev.palate.lab.bundling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.bundle.BundleDiagnostics.Bin;
import org.junit.jupiter.api.Test;

class ReliabilityBinsTest {

  @Test
  void aBinHoldsShareConfidenceAndAccuracyOfWhatFallsIntoIt() {
    ReliabilityBins bins = new ReliabilityBins();
    bins.add(1, 0.72);
    bins.add(1, 0.74);
    bins.add(2, 0.27); // 0.73 sure of the rejected one, and counts twice
    bins.add(4, 1);
    assertThat(bins.bins()).hasSize(2);
    Bin first = bins.bins().getFirst();
    assertThat(first.low()).isCloseTo(0.7, within(1e-12));
    assertThat(first.high()).isCloseTo(0.75, within(1e-12));
    assertThat(first.share()).isEqualTo(0.5);
    assertThat(first.confidence()).isCloseTo(0.73, within(1e-12));
    assertThat(first.accuracy()).isEqualTo(0.5);
    assertThat(bins.bins().getLast()).isEqualTo(new Bin(0.95, 1, 0.5, 1, 1));
    assertThat(bins.error()).isCloseTo(0.5 * 0.23, within(1e-12));
  }

  @Test
  void equalProbabilitiesAreHalfRight() {
    ReliabilityBins bins = new ReliabilityBins();
    bins.add(1, 0.5);
    assertThat(bins.bins()).containsExactly(new Bin(0.5, 0.55, 1, 0.5, 0.5));
    assertThat(bins.error()).isZero();
  }

  @Test
  void whatTwoHoldIsWhatOneWouldHold() {
    ReliabilityBins one = new ReliabilityBins();
    ReliabilityBins other = new ReliabilityBins();
    ReliabilityBins both = new ReliabilityBins();
    for (double probability : new double[] {0.1, 0.62, 0.9}) {
      one.add(1, probability);
      both.add(1, probability);
      other.add(2, 1 - probability);
      both.add(2, 1 - probability);
    }
    one.add(other);
    assertThat(one.bins()).isEqualTo(both.bins());
    assertThat(one.error()).isEqualTo(both.error());
  }
}
