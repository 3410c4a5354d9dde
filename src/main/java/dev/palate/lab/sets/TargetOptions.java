package dev.palate.lab.sets;

import dev.palate.core.bundle.AtomicFiles;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.lab.bundling.RemoteEncoderOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Options of both commands: the model under evaluation, the half, and where figures are written.
 */
final class TargetOptions {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(names = "--bundle", paramLabel = "DIR", description = "The bundle's directory.")
  private @Nullable Path bundle;

  @Option(
      names = "--url",
      description = "In place of --bundle: where a running service answers, http://HOST:PORT.")
  private @Nullable String url;

  @Option(
      names = "--key",
      defaultValue = "${env:PALATE_KEY}",
      paramLabel = "TOKEN",
      description = "The key that the service wants (default: PALATE_KEY).")
  private @Nullable String key;

  @Option(
      names = "--half",
      defaultValue = "BOTH",
      description =
          "A, B or both: half A may choose between models, half B only reports (default: both).")
  private Half half = Half.BOTH;

  @Option(names = "--json", paramLabel = "FILE", description = "Where the figures are written.")
  private @Nullable Path json;

  @Option(
      names = "--cache-dir",
      defaultValue = ".palate/cache",
      description = "Where assembled archives are kept (default: ${DEFAULT-VALUE}).")
  private Path cacheDir = Path.of("");

  @Mixin private RemoteEncoderOptions remote = new RemoteEncoderOptions();

  /**
   * What a command found out.
   *
   * @param table for the screen
   * @param figures for the file
   */
  record Outcome(String table, Object figures) {}

  /** The file's content. */
  record Document(String command, String bundle, String version, String half, Object figures) {}

  Half half() {
    return half;
  }

  /**
   * Prints what {@code evaluation} finds out about the model.
   *
   * @param command as it is typed, without the options of this class
   * @return the exit code
   */
  int run(String command, Function<ScoringTarget, Outcome> evaluation) {
    requireOneTarget();
    PrintWriter err = spec.commandLine().getErr();
    try (ScoringTarget target = open()) {
      Outcome outcome = evaluation.apply(target);
      print(command, target, outcome);
      write(command, target, outcome);
      return 0;
    } catch (BundleException | TargetException e) {
      err.println(e.getMessage());
      err.flush();
      return 1;
    }
  }

  void progress(String what) {
    spec.commandLine().getErr().println(what);
    spec.commandLine().getErr().flush();
  }

  void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private void requireOneTarget() {
    require(bundle != null || url != null, "Name a bundle by --bundle or a service by --url");
    require(bundle == null || url == null, "--bundle or --url: one of them, not both");
  }

  private ScoringTarget open() {
    if (url != null) {
      return service(url);
    }
    // fp32: figures must not depend on the machine
    ModelSettings settings =
        new ModelSettings(TorchDevice.AUTO, TorchDtype.FP32, cacheDir, 4096, 65_536)
            .withRemote(remote.settings());
    return BundleTarget.open(bundle == null ? Path.of("") : bundle, settings);
  }

  private ScoringTarget service(String address) {
    ServiceConnection connection = new ServiceConnection(address, key);
    try {
      return new ServiceTarget(connection);
    } catch (TargetException e) {
      connection.close();
      throw e;
    }
  }

  private void print(String command, ScoringTarget target, Outcome outcome) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        half == Half.BOTH ? "Both halves of the set" : "Half " + half.option() + " of the set");
    out.println();
    out.println(outcome.table());
    out.println(typed(command));
    out.printf("bundle %s, version %s%n", target.name(), target.version());
    out.flush();
  }

  /** The command with its options; the key stays out. */
  private String typed(String command) {
    return "%s %s --half %s"
        .formatted(command, url == null ? "--bundle " + bundle : "--url " + url, half.option());
  }

  private void write(String command, ScoringTarget target, Outcome outcome) {
    if (json == null) {
      return;
    }
    Document document =
        new Document(
            typed(command), target.name(), target.version(), half.option(), outcome.figures());
    try {
      AtomicFiles.write(
          json, file -> Files.writeString(file, JSON.writeValueAsString(document) + "\n"));
    } catch (IOException e) {
      throw new TargetException("--json %s cannot be written: %s".formatted(json, e.getMessage()));
    }
    progress("wrote " + json);
  }
}
