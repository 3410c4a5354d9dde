package dev.palate.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.EncoderSpec.Pooling;
import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.TestBundles;
import dev.palate.core.model.Prompt;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.ScoreItem;
import dev.palate.core.model.ScoreOptions;
import dev.palate.core.model.ScoreResult;
import dev.palate.core.model.torch.TinyDirectory;
import dev.palate.core.model.torch.TinyModels;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bundle.json} keeps of the encoder a bundle stands on. */
@NeedsEngine
class EncoderOfABundleTest {

  private static final int K = 3;

  @TempDir Path temp;
  private Path encoder = Path.of("");
  private Path dir = Path.of("");
  private Bundle bundle;

  @BeforeEach
  void writeABundleOnADirectory() throws IOException {
    encoder = TinyDirectory.pooling(TinyDirectory.write(temp.resolve("bert"), 1), "cls_token");
    dir = temp.resolve("bundle");
    bundle = Bundles.write(dir, draft(spec(encoder)));
  }

  @Test
  void itComesBackAsItWasWritten() throws IOException {
    assertThat(bundle.encoder()).isEqualTo(spec(encoder));
    assertThat(manifest()).contains("\"pooling\" : \"cls\"", "\"settings_sha256\"");
  }

  @Test
  void itIsLoadedAndScores() {
    assertThat(score()).isNotEqualTo(new float[K]);
  }

  @Test
  void itFollowsADirectoryThatWasMovedWhenSourceIsEdited() throws IOException {
    float[] before = score();
    Path moved = temp.resolve("elsewhere");
    Files.move(encoder, moved);
    assertThatThrownBy(this::score)
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll(encoder.toString(), "'source' in bundle.json");

    Files.writeString(
        dir.resolve("bundle.json"), manifest().replace(encoder.toString(), moved.toString()));
    assertThat(Bundles.read(dir).version()).isEqualTo(bundle.version());
    assertThat(score()).isEqualTo(before);
  }

  @Test
  void aRelativePathIsTakenFromTheWorkingDirectory() throws IOException {
    Path relative = Path.of("").toAbsolutePath().relativize(encoder.toAbsolutePath());
    assertThat(spec(relative).sha256()).isEqualTo(bundle.encoder().sha256());
    assertThat(spec(relative).source()).isEqualTo("directory:" + relative);
  }

  @Test
  void poolingAndSettingsAndWeightsArePartOfTheVersion() throws IOException {
    EncoderSpec spec = bundle.encoder();
    assertThat(version(spec, spec.sha256(), spec.settingsSha256(), Pooling.MEAN))
        .isNotEqualTo(bundle.version());
    assertThat(version(spec, spec.sha256(), "0", Pooling.CLS)).isNotEqualTo(bundle.version());
    assertThat(version(spec, "0", spec.settingsSha256(), Pooling.CLS))
        .isNotEqualTo(bundle.version());
    assertThat(version(spec, spec.sha256(), spec.settingsSha256(), Pooling.CLS))
        .isEqualTo(bundle.version());
  }

  @Test
  void aPoolingChangedByHandOrUnknownIsFoundOut() throws IOException {
    String whole = manifest();
    Files.writeString(dir.resolve("bundle.json"), whole.replace("\"cls\"", "\"mean\""));
    assertThatThrownBy(() -> Bundles.read(dir))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("edited by hand");

    Files.writeString(dir.resolve("bundle.json"), whole.replace("\"cls\"", "\"max\""));
    assertThatThrownBy(() -> Bundles.read(dir))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll("'encoder.pooling' is 'max'", "[mean, cls]");
  }

  @Test
  void aManifestThatIsNoObjectIsRefused() throws IOException {
    Files.writeString(dir.resolve("bundle.json"), "");
    assertThatThrownBy(() -> Bundles.read(dir))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("bundle.json");
  }

  /** The committed bundle is from before there was a choice of pooling. */
  @Test
  void aBundleThatNamesNoPoolingKeepsItsVersionAndIsAveraged() throws IOException {
    Path demo = Path.of("models/demo");
    Bundle read = Bundles.read(demo);
    assertThat(read.encoder().pooling()).isEqualTo(Pooling.MEAN);

    Path again = temp.resolve("again");
    assertThat(Bundles.write(again, read).version()).isEqualTo(read.version());
    String named = Files.readString(again.resolve("bundle.json"));
    assertThat(named).contains("\"pooling\" : \"mean\"").doesNotContain("settings_sha256");
    Files.writeString(
        again.resolve("bundle.json"), named.replaceFirst(",\\s*\"pooling\" : \"mean\"", ""));
    assertThat(Bundles.read(again).version()).isEqualTo(read.version());
    assertThat(Files.readString(again.resolve("bundle.json"))).doesNotContain("\"pooling\"");
  }

  private static EncoderSpec spec(Path encoder) {
    return RewardModels.encoder("directory:" + encoder, ResponseInput.RESPONSE, null, true);
  }

  private String version(EncoderSpec spec, String sha256, String settings, Pooling pooling) {
    EncoderSpec other =
        new EncoderSpec(
            spec.kind(),
            spec.source(),
            sha256,
            settings,
            spec.dimension(),
            spec.maxTokens(),
            spec.responseInput(),
            spec.styleFeatures(),
            pooling);
    return Bundles.write(temp.resolve("other"), draft(other)).version();
  }

  private static Bundle draft(EncoderSpec spec) {
    Random random = new Random(5);
    Bundle bundle = TinyModels.bundle(K, spec);
    Head head =
        new Head(
            TestBundles.matrix(random, 4, spec.dimension()),
            new float[4],
            TestBundles.matrix(random, K, 4),
            new float[K],
            TestBundles.matrix(random, K, spec.dimension()));
    return new Bundle(
        bundle.name(),
        "",
        spec,
        head,
        1,
        0,
        K,
        bundle.prior(),
        bundle.meanRouting(),
        bundle.experts(),
        bundle.data(),
        bundle.metrics());
  }

  private float[] score() {
    ModelSettings settings =
        new ModelSettings(TorchDevice.CPU, TorchDtype.FP32, temp.resolve("cache"), 512, 65_536);
    try (RewardModel model = RewardModels.load(dir, settings)) {
      ScoreItem item = new ScoreItem(new Prompt("the day"), List.of("I think."));
      return ((ScoreResult.Scored) model.score(List.of(item), ScoreOptions.DEFAULT))
          .items()
          .getFirst()
          .responses()
          .getFirst()
          .rewards();
    }
  }

  private String manifest() throws IOException {
    return Files.readString(dir.resolve("bundle.json"));
  }
}
