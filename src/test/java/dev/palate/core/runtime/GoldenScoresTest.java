package dev.palate.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.model.torch.Bf16;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo bundle, held against what it said where it was made. */
@NeedsEngine
class GoldenScoresTest {

  @TempDir static Path cache;
  @TempDir Path bundle;

  @BeforeEach
  void copy() throws IOException {
    for (String file : Bundles.FILES) {
      Path demo = Path.of("models", "demo", file);
      if (Files.exists(demo) || !Bundles.OPTIONAL.contains(file)) {
        Files.copy(demo, bundle.resolve(file));
      }
    }
  }

  private static ModelSettings settings(TorchDtype dtype) {
    return new ModelSettings(TorchDevice.CPU, dtype, cache, 2048, 65_536);
  }

  private void open() {
    RewardModels.open(bundle, settings(TorchDtype.FP32)).close();
  }

  private void edit(String part, String other) throws IOException {
    Path file = bundle.resolve(Bundles.GOLDEN);
    String json = Files.readString(file);
    assertThat(json).contains(part);
    Files.writeString(file, json.replaceFirst(java.util.regex.Pattern.quote(part), other));
  }

  @Test
  void theDemoBundleSaysHereWhatItSaidWhereItWasMadeInEitherPrecision() {
    open();
    if (Bf16.runsHere()) {
      RewardModels.open(bundle, settings(TorchDtype.BF16)).close();
    } else {
      Bf16.assertRefused(() -> RewardModels.open(bundle, settings(TorchDtype.BF16)));
    }
  }

  @Test
  void aModelThatSaysSomethingElseDoesNotServe() throws IOException {
    edit("How do tides work?", "Write a love letter.");

    assertThatThrownBy(this::open)
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("does not score as it did where it was made")
        .hasMessageContaining("palate.model.dtype=fp32");
  }

  @Test
  void scoresOfAnotherVersionOrADamagedFileAreNotTakenForGolden() throws IOException {
    String whole = Files.readString(bundle.resolve(Bundles.GOLDEN));
    edit(Bundles.read(bundle).version(), "00000000");
    assertThatThrownBy(this::open).hasMessageContaining("is of version 00000000");

    Files.writeString(bundle.resolve(Bundles.GOLDEN), whole.substring(0, whole.length() / 2));
    assertThatThrownBy(this::open)
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("golden.json cannot be read");
  }

  @Test
  void aBundleWithoutThemServesAndTheyCanBeMade() throws IOException {
    Files.delete(bundle.resolve(Bundles.GOLDEN));
    open();

    assertThat(RewardModels.writeGolden(bundle, settings(TorchDtype.FP32))).isEqualTo(10);

    assertThat(bundle.resolve(Bundles.GOLDEN)).exists();
    open();
  }
}
