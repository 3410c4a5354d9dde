package dev.palate.server.studio;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleDiagnostics;
import dev.palate.core.bundle.BundleWarning;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.TestBundles;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The demo bundle four times: {@code demo} as it is, {@code uncurved} without its learning curves,
 * as {@code evaluate --write-diagnostics} would leave it, {@code bare} without diagnostics and with
 * warnings, {@code texts} with made texts of the pairs that the cards name.
 */
final class StudioBundles {

  static final List<BundleWarning> WARNINGS =
      List.of(
          new BundleWarning("too_few_raters", "the prior is the default one: add raters"),
          new BundleWarning("leaking_lines", "2 lines were dropped: give them one split"));

  private StudioBundles() {}

  static void write(Path directory) {
    // its cards name examples, its diagnostics have curves
    Bundle demo = TestBundles.named(Bundles.read(Path.of("models", "opinions")), "demo");
    BundleDiagnostics told = Objects.requireNonNull(demo.diagnostics());
    BundleDiagnostics uncurved =
        new BundleDiagnostics(List.of(), told.calibration(), told.domains(), told.selectivity());
    Bundles.write(directory.resolve("demo"), demo);
    // of other versions, else activating them would change nothing
    Bundles.write(
        directory.resolve("bare"), with(demo, 1.01 * demo.scale(), null).withWarnings(WARNINGS));
    Bundles.write(directory.resolve("uncurved"), with(demo, 1.02 * demo.scale(), uncurved));
    Bundles.write(
        directory.resolve("texts"),
        with(demo, 1.03 * demo.scale(), null)
            .withExamplePairs(StudioExamplesIT.madeTexts(demo.experts())));
  }

  private static Bundle with(Bundle bundle, double scale, @Nullable BundleDiagnostics diagnostics) {
    return TestBundles.with(bundle, bundle.version(), scale).withDiagnostics(diagnostics);
  }
}
