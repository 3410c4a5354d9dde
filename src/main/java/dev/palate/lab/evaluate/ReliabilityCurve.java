package dev.palate.lab.evaluate;

import dev.palate.core.bundle.BundleDiagnostics;
import dev.palate.lab.bundling.ReliabilityBins;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reliability bins kept by unit, so that their calibration error can be resampled. */
final class ReliabilityCurve {

  private final List<ReliabilityBins> units;

  /**
   * @param units users or prompts
   */
  ReliabilityCurve(int units) {
    this.units = Stream.generate(ReliabilityBins::new).limit(units).toList();
  }

  /**
   * @param share how much this pair counts
   * @param probability that the chosen response is preferred
   */
  void add(int unit, double share, double probability) {
    units.get(unit).add(share, probability);
  }

  Figure error(Bootstrap bootstrap) {
    return bootstrap.of(units.size(), drawn -> total(IntStream.of(drawn)).error());
  }

  /** Those that hold anything. */
  List<BundleDiagnostics.Bin> bins() {
    return total(IntStream.range(0, units.size())).bins();
  }

  private ReliabilityBins total(IntStream drawn) {
    ReliabilityBins total = new ReliabilityBins();
    drawn.forEach(unit -> total.add(units.get(unit)));
    return total;
  }
}
