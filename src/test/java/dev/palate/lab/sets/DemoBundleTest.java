package dev.palate.lab.sets;

import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.tier.LongForm;
import dev.palate.tier.NeedsEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bundle that ships, judged by the half of each set that chose nothing: what
 * docs/everyday-and-taste.md says must stay so.
 */
@LongForm
@NeedsEngine
class DemoBundleTest {

  private static final int DRAWS = 10;

  @TempDir private static Path temp;

  private static BundleTarget demo;

  @BeforeAll
  static void load() {
    demo =
        BundleTarget.open(
            Path.of("models", "demo"),
            new ModelSettings(TorchDevice.CPU, TorchDtype.FP32, temp, 8192, 65_536));
  }

  @AfterAll
  static void close() {
    demo.close();
  }
}
