package dev.palate.evaluation;

import dev.palate.reward.BundleException;
import dev.palate.reward.Bundles;
import dev.palate.reward.ModelSettings;
import dev.palate.training.BundleQuality;
import dev.palate.training.DataException;
import dev.palate.training.DataFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code palate evaluate}: what a bundle is worth on preference data. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Measures a bundle on preference pairs: accuracy on test lines, and what few labels do for"
            + " users it has never seen.")
public final class EvaluateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--bundle",
      defaultValue = "models/demo",
      description = "The bundle's directory (default: ${DEFAULT-VALUE}).")
  private Path bundle = Path.of("");

  @Option(
      names = "--data",
      arity = "1..*",
      paramLabel = "[NAME=]FILE",
      description = "JSON Lines, gzipped or not; only lines of the test split are judged.")
  private List<String> data = new ArrayList<>();

  @Option(
      names = "--whole",
      arity = "1..*",
      paramLabel = "[NAME=]FILE",
      description = "Data of which every line is judged, whatever its split says.")
  private List<String> whole = new ArrayList<>();

  @Option(
      names = "--shots",
      split = ",",
      defaultValue = "0,1,3,5,10,20,50",
      description = "Numbers of choices a user shows (default: ${DEFAULT-VALUE}).")
  private int[] shots = {};

  @Option(
      names = "--cache-dir",
      defaultValue = ".palate/cache",
      description = "Where encodings are kept (default: ${DEFAULT-VALUE}).")
  private Path cacheDir = Path.of("");

  @Override
  public Integer call() {
    if (data.isEmpty() && whole.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "Name a file by --data or --whole");
    }
    for (int shown : shots) {
      if (shown < 0) {
        throw new ParameterException(spec.commandLine(), "--shots must not be negative");
      }
    }
    try {
      print(
          BundleQuality.measure(
              Bundles.read(bundle),
              data.stream().map(DataFile::parse).toList(),
              whole.stream().map(DataFile::parse).toList(),
              shots,
              new ModelSettings(
                  ModelSettings.Device.AUTO, ModelSettings.Dtype.AUTO, cacheDir, 4096, 65_536)));
      return 0;
    } catch (BundleException | DataException | IllegalArgumentException e) {
      spec.commandLine().getErr().println(e.getMessage());
      spec.commandLine().getErr().flush();
      return 1;
    }
  }

  private void print(BundleQuality quality) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(quality.table());
    out.println("| data set | labels | unseen users | before | after | log-loss before | after |");
    out.println("|---|---:|---:|---:|---:|---:|---:|");
    for (BundleQuality.Point point : quality.curve()) {
      out.printf(
          Locale.ROOT,
          "| %s | %d | %d | %.3f | %.3f | %.3f | %.3f |%n",
          point.dataset(),
          point.shown(),
          point.users(),
          point.before(),
          point.after(),
          point.logLossBefore(),
          point.logLossAfter());
    }
    out.flush();
  }
}
