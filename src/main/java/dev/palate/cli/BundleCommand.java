package dev.palate.cli;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleDiagnostics;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.torch.Archive;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bundle inspect|verify|assemble|golden|pack}. */
@Command(
    name = "bundle",
    mixinStandardHelpOptions = true,
    description =
        "Inspects, verifies, assembles and packs a model bundle, and writes its golden scores.",
    subcommands = PackCommand.class)
public final class BundleCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Choose one of: inspect, verify, assemble, golden, pack");
  }

  @Command(
      name = "inspect",
      mixinStandardHelpOptions = true,
      description = "Says what a bundle is and what its experts learned.")
  int inspect(@Parameters(paramLabel = "DIR", description = "The bundle.") Path dir) {
    return call(() -> {
      Bundle bundle = Bundles.read(dir);
      out().printf("%s %s%n", bundle.name(), bundle.version());
      out()
          .printf(
              "%d experts, top %d, scale %.3f, label noise %.3f%n",
              bundle.expertCount(), bundle.topM(), bundle.scale(), bundle.labelNoise());
      out().println(encoder(bundle.encoder()));
      bundle.data().forEach(d -> out().printf("trained on %s (%s)%n", d.name(), d.licence()));
      bundle.metrics().forEach((name, value) -> out().printf("%-48s %.4f%n", name, value));
      out().println(diagnostics(bundle.diagnostics()));
      out().println(texts(bundle.examplePairs().size()));
      for (ExpertCard card : bundle.experts()) {
        out().printf("%3d  %5.1f %%  %s%n", card.expert(), 100 * card.usage(), card.name());
      }
    });
  }

  private static String diagnostics(@Nullable BundleDiagnostics diagnostics) {
    return diagnostics == null
        ? "no diagnostics: it was packed, or trained before they were measured"
        : "diagnostics of %d runs of training, %d calibration curves, %d domains"
            .formatted(
                diagnostics.learning().size(),
                diagnostics.calibration().size(),
                diagnostics.domains().size());
  }

  private static String texts(int pairs) {
    return pairs == 0
        ? "no texts of the data"
        : "texts of %d pairs that the cards name".formatted(pairs);
  }

  private static String encoder(EncoderSpec encoder) {
    return "encoder %s '%s', %d dimensions, %s%d tokens of %s%s"
        .formatted(
            encoder.kind().name().toLowerCase(Locale.ROOT),
            encoder.source(),
            encoder.dimension(),
            encoder.kind() == EncoderSpec.Kind.REMOTE ? "about " : "",
            encoder.maxTokens(),
            switch (encoder.responseInput()) {
              case RESPONSE -> "the response";
              case PROMPT_AND_RESPONSE -> "prompt and response";
            },
            encoder.readsInteraction()
                ? ", interaction after the layers %s with %d tokens of the prompt"
                    .formatted(encoder.interactionLayers(), encoder.maxPromptTokens())
                : "");
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = "Checks a bundle's files against their hashes.")
  int verify(@Parameters(paramLabel = "DIR", description = "The bundle.") Path dir) {
    return call(() -> {
      Bundle bundle = Bundles.read(dir);
      if (bundle.encoder().kind() == EncoderSpec.Kind.TORCHSCRIPT) {
        Archive.own(dir, bundle.encoder());
        Archive.ownTokenizer(dir, bundle.encoder());
      }
      out().printf("%s is whole, version %s%n", dir, bundle.version());
    });
  }

  @Command(
      name = "assemble",
      mixinStandardHelpOptions = true,
      description = "Writes the archive ahead of the first start, and runs it once.")
  int assemble(
      @Parameters(paramLabel = "DIR", description = "The bundle.") Path dir,
      @Option(
              names = "--dtype",
              defaultValue = "auto",
              description = "auto, fp32 or bf16 (default: ${DEFAULT-VALUE}).")
          String dtype,
      @Option(
              names = "--cache-dir",
              defaultValue = ".palate/models",
              description =
                  "Where archives are kept (default: ${DEFAULT-VALUE}). What is in the bundle's own"
                      + " directory 'assembled' goes with the bundle, and is used wherever it is read.")
          Path cacheDir) {
    return call(() -> {
      EncoderSpec encoder = Bundles.read(dir).encoder();
      if (encoder.kind() == EncoderSpec.Kind.REMOTE) {
        throw new BundleException(
            "The encoder '%s' is remote: there is nothing to assemble."
                .formatted(encoder.source()));
      }
      ModelSettings settings =
          new ModelSettings(TorchDevice.AUTO, dtype(dtype), cacheDir, 8192, 8192);
      if (RewardModels.assembleForElsewhere(dir, settings)) {
        out().printf("%s is assembled; it was not run, this processor cannot run bf16%n", dir);
        return;
      }
      try (RewardModel model = RewardModels.load(dir, settings)) {
        out()
            .printf(
                "%s %s runs on %s in %s%n",
                model.bundle().name(),
                model.bundle().version(),
                model.placement().device(),
                model.placement().dtype());
      }
    });
  }

  @Command(
      name = "golden",
      mixinStandardHelpOptions = true,
      description =
          "Writes golden.json: what the bundle says of a few texts. Wherever it is loaded, it must"
              + " say the same.")
  int golden(
      @Parameters(paramLabel = "DIR", description = "The bundle.") Path dir,
      @Option(
              names = "--cache-dir",
              defaultValue = ".palate/models",
              description = "Where archives are kept (default: ${DEFAULT-VALUE}).")
          Path cacheDir) {
    return call(() -> {
      ModelSettings settings =
          new ModelSettings(TorchDevice.CPU, TorchDtype.FP32, cacheDir, 8192, 65_536);
      out()
          .printf(
              "%s holds the scores of %d texts%n",
              dir.resolve(Bundles.GOLDEN), RewardModels.writeGolden(dir, settings));
    });
  }

  private TorchDtype dtype(String name) {
    for (TorchDtype dtype : TorchDtype.values()) {
      if (dtype.name().equalsIgnoreCase(name)) {
        return dtype;
      }
    }
    throw new ParameterException(spec.commandLine(), "--dtype is auto, fp32 or bf16");
  }

  private int call(Runnable work) {
    try {
      work.run();
      out().flush();
      return 0;
    } catch (BundleException e) {
      spec.commandLine().getErr().println(e.getMessage());
      spec.commandLine().getErr().flush();
      return 1;
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
