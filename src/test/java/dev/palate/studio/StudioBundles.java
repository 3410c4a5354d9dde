package dev.palate.studio;

import dev.palate.reward.Bundle;
import dev.palate.reward.BundleDiagnostics;
import dev.palate.reward.BundleDiagnostics.Bin;
import dev.palate.reward.BundleDiagnostics.Calibration;
import dev.palate.reward.BundleDiagnostics.Domain;
import dev.palate.reward.BundleDiagnostics.Epoch;
import dev.palate.reward.BundleDiagnostics.LearningCurve;
import dev.palate.reward.Bundles;
import dev.palate.reward.ExpertCard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The demo bundle four times: {@code demo} as it is, {@code bare} without diagnostics, {@code
 * curves} with made ones, learning curves among them, {@code texts} with made texts of the pairs
 * that the cards name.
 */
final class StudioBundles {

  private StudioBundles() {}

  static void write(Path directory) {
    Bundle demo = Bundles.read(Path.of("models", "demo"));
    Bundles.write(directory.resolve("demo"), demo);
    // of other versions, else activating them would change nothing
    Bundles.write(directory.resolve("bare"), with(demo, 1.01 * demo.scale(), null));
    Bundles.write(directory.resolve("curves"), with(demo, 1.02 * demo.scale(), made(demo)));
    Bundles.write(
        directory.resolve("texts"),
        with(demo, 1.03 * demo.scale(), null)
            .withExamplePairs(StudioExamplesIT.madeTexts(demo.experts())));
  }

  private static Bundle with(Bundle bundle, double scale, @Nullable BundleDiagnostics diagnostics) {
    return new Bundle(
        bundle.name(),
        bundle.version(),
        bundle.encoder(),
        bundle.head(),
        scale,
        bundle.labelNoise(),
        bundle.topM(),
        bundle.prior(),
        bundle.meanRouting(),
        bundle.experts(),
        bundle.data(),
        bundle.metrics(),
        diagnostics);
  }

  private static BundleDiagnostics made(Bundle bundle) {
    return new BundleDiagnostics(
        LongStream.rangeClosed(1, 3).mapToObj(StudioBundles::curve).toList(),
        List.of(calibration("validation", 812, 0.02), calibration("test", 1204, 0.06)),
        domains(bundle.experts()),
        IntStream.range(0, bundle.expertCount()).mapToObj(k -> k % 7 / 20.0).toList());
  }

  private static LearningCurve curve(long seed) {
    return new LearningCurve(
        "head",
        seed,
        seed == 2,
        6,
        IntStream.rangeClosed(1, 8)
            .mapToObj(e ->
                new Epoch(e, 1.5 / e + seed / 20.0, 0.55 + 0.1 / e + seed / 90.0, 0.74 - 0.1 / e))
            .toList());
  }

  private static Calibration calibration(String split, int pairs, double error) {
    return new Calibration(
        "ukpconvarg1",
        split,
        pairs,
        error,
        List.of(
            new Bin(0.5, 0.55, 0.3, 0.52, 0.54),
            new Bin(0.7, 0.75, 0.5, 0.72, 0.66),
            new Bin(0.95, 1, 0.2, 0.97, 0.93)));
  }

  /** Each domain that a card names is led by the first expert that names it. */
  private static List<Domain> domains(List<ExpertCard> cards) {
    List<Domain> domains = new ArrayList<>();
    List<String> named = new ArrayList<>();
    for (ExpertCard card : cards) {
      for (String name : card.domains()) {
        if (!named.contains(name)) {
          named.add(name);
          domains.add(domain(name, card.expert(), cards.size()));
        }
      }
    }
    return domains;
  }

  private static Domain domain(String name, int leader, int k) {
    List<Double> routing = new ArrayList<>();
    List<Double> accuracy = new ArrayList<>();
    for (int e = 0; e < k; e++) {
      boolean leads = e == leader;
      routing.add(leads ? 0.7 : e == (leader + 1) % k ? 0.3 : 0);
      accuracy.add(leads ? 0.8 : 0.35 + e % 5 * 0.07);
    }
    return new Domain(name, 20 + leader, routing, accuracy);
  }
}
