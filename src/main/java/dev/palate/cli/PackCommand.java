package dev.palate.cli;

import ai.djl.engine.EngineException;
import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.EncoderSpec.Kind;
import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.bundle.Hashes;
import dev.palate.core.bundle.UserPrior;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code bundle pack}: an archive of somebody's own becomes a bundle of kind {@code torchscript}.
 */
@Command(
    name = "pack",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Makes a bundle of a directory that holds reward-model.pt and tokenizer.json, and runs it once.")
final class PackCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "DIR",
      description = "The directory; the bundle's other files are put there.")
  private Path dir = Path.of("");

  @Option(names = "--experts", required = true, description = "K: the archive answers 2K numbers.")
  private int experts;

  @Option(
      names = "--expert-names",
      split = ",",
      paramLabel = "NAME",
      description = "What the experts are called (default: expert 0, expert 1 ...).")
  private List<String> names = new ArrayList<>();

  @Option(names = "--name", description = "The bundle's name; default: the directory's.")
  private String name = "";

  @Option(
      names = "--max-tokens",
      defaultValue = "256",
      description = "Longest sequence the archive is given (default: ${DEFAULT-VALUE}).")
  private int maxTokens;

  @Option(
      names = "--response-input",
      defaultValue = "response",
      description = "What the experts read: response (default) or prompt-and-response.")
  private String responseInput = "";

  @Option(names = "--top-m", description = "Routing weights that are kept (default: all).")
  private @Nullable Integer topM;

  @Option(
      names = "--scale",
      defaultValue = "1",
      description =
          "s of P(first preferred) = e + (1 - 2e) sigmoid(s * margin) (default: ${DEFAULT-VALUE}).")
  private double scale;

  @Option(
      names = "--label-noise",
      defaultValue = "0",
      description = "e of the same (default: ${DEFAULT-VALUE}).")
  private double labelNoise;

  @Option(
      names = "--prior-variance",
      defaultValue = "0.25",
      description =
          "Of a user's shift of one expert's weight, before any label (default: ${DEFAULT-VALUE}).")
  private double priorVariance;

  @Override
  public Integer call() {
    requireSensible();
    try {
      Bundle bundle = Bundles.write(dir, draft());
      tryOut();
      spec.commandLine().getOut().printf("%s %s is a bundle%n", bundle.name(), bundle.version());
      spec.commandLine().getOut().flush();
      return 0;
    } catch (BundleException e) {
      spec.commandLine().getErr().println(e.getMessage());
      spec.commandLine().getErr().flush();
      return 1;
    }
  }

  private void requireSensible() {
    require(experts >= 1, "--experts must be at least 1");
    require(
        names.isEmpty() || names.size() == experts, "--expert-names must be as many as --experts");
    require(priorVariance > 0 && priorVariance <= 1e6, "--prior-variance must be positive");
    require(scale > 0 && scale <= 1e6, "--scale must be positive");
    require(labelNoise >= 0 && labelNoise < 0.5, "--label-noise must be in [0, 0.5)");
    require(
        maxTokens >= EncoderSpec.MIN_TOKENS,
        "--max-tokens must be at least %d".formatted(EncoderSpec.MIN_TOKENS));
    input();
    require(
        topM == null || (topM >= 1 && topM <= experts),
        "--top-m must be 1 to the number of experts");
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  private Bundle draft() {
    Bundles.ownTokenizer(dir);
    EncoderSpec encoder =
        new EncoderSpec(
            Kind.TORCHSCRIPT,
            Bundles.OWN_ARCHIVE,
            sha256(),
            2 * experts,
            maxTokens,
            input(),
            List.of());
    double[][] covariance = new double[experts][experts];
    double[] meanRouting = new double[experts];
    Arrays.fill(meanRouting, 1.0 / experts);
    List<ExpertCard> cards = new ArrayList<>();
    for (int k = 0; k < experts; k++) {
      covariance[k][k] = priorVariance;
      String called = names.isEmpty() ? "expert " + k : names.get(k).strip();
      cards.add(new ExpertCard(k, called, "Not described.", meanRouting[k], List.of(), List.of()));
    }
    Path directory = dir.toAbsolutePath().normalize().getFileName();
    return new Bundle(
        name.isEmpty() && directory != null ? directory.toString() : name,
        "",
        encoder,
        null,
        scale,
        labelNoise,
        topM == null ? experts : topM,
        new UserPrior(new double[experts], covariance),
        meanRouting,
        cards,
        List.of(),
        Map.of());
  }

  private ResponseInput input() {
    for (ResponseInput input : ResponseInput.values()) {
      if (input.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(responseInput)) {
        return input;
      }
    }
    throw new ParameterException(
        spec.commandLine(), "--response-input is response or prompt-and-response");
  }

  private String sha256() {
    Path archive = dir.resolve(Bundles.OWN_ARCHIVE);
    if (!Files.isRegularFile(archive)) {
      throw new BundleException(
          "%s is missing. Export the model there (docs/bring-your-own-model.md)."
              .formatted(archive));
    }
    try {
      return Hashes.of(archive);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + archive, e);
    }
  }

  /** As a service would: it must answer 2K finite numbers at each padded length. */
  private void tryOut() {
    ModelSettings settings =
        new ModelSettings(TorchDevice.AUTO, TorchDtype.AUTO, dir.resolve("none"), 8192, 8192);
    boolean runs = false;
    try {
      RewardModels.load(dir, settings).close();
      runs = true;
    } catch (EngineException e) {
      throw new BundleException(
          "%s fails when it is run: %s%nIt is run at lengths up to --max-tokens %d: is that within what it can read?"
              .formatted(dir.resolve(Bundles.OWN_ARCHIVE), e.getMessage(), maxTokens),
          e);
    } finally {
      if (!runs) {
        unmake();
      }
    }
  }

  /** Without its manifest nothing takes the directory for a bundle. */
  private void unmake() {
    try {
      Files.delete(dir.resolve(Bundles.MANIFEST));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + dir.resolve(Bundles.MANIFEST), e);
    }
  }
}
