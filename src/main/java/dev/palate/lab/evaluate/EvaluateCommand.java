package dev.palate.lab.evaluate;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleDiagnostics;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.lab.bundling.ExampleTexts;
import dev.palate.lab.bundling.RemoteEncoderOptions;
import dev.palate.lab.bundling.TrainedDiagnostics;
import dev.palate.lab.controlled.ControlledReport;
import dev.palate.lab.controlled.ControlledSettings;
import dev.palate.lab.controlled.ControlledStudy;
import dev.palate.lab.data.DataException;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.PairReader;
import dev.palate.lab.data.Split;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.EncodedData;
import dev.palate.lab.judge.Judge;
import dev.palate.lab.judge.Material;
import dev.palate.lab.sets.EverydayCommand;
import dev.palate.lab.sets.TasteCommand;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            + " users it has never seen, beside the usual baselines. Its subcommands do so on sets"
            + " that Palate brings along.",
    subcommands = {EverydayCommand.class, TasteCommand.class})
public final class EvaluateCommand implements Callable<Integer> {

  private static final int RESAMPLES = 1000;

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
      description =
          "JSON Lines, gzipped or not. Lines of the test split are judged; baselines are trained on"
              + " the others.")
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
      names = "--draws",
      defaultValue = "20",
      description = "How often each user's shown choices are drawn (default: ${DEFAULT-VALUE}).")
  private int draws;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Decides all that is drawn (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--baselines",
      arity = "0..1",
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether other rules are fitted and shown (default: ${DEFAULT-VALUE}).")
  private boolean baselines;

  @Option(
      names = "--unseen-contexts",
      description =
          "Also trains anew without a fifth of the contexts (or prompts) and judges on these.")
  private boolean unseenContexts;

  @Option(
      names = "--comparisons",
      description =
          "Instead: what few labels do where the pairs to be labelled are chosen by information"
              + " gain, beside pairs at random.")
  private boolean comparisons;

  @Option(
      names = "--write-diagnostics",
      description =
          "Instead: measures calibration, routing and specialization on the lines of the validation"
              + " and test splits and writes them into the bundle, as train does; its learning"
              + " curves stay.")
  private boolean writeDiagnostics;

  @Option(
      names = "--write-example-texts",
      description =
          "Instead: finds the pairs that the experts' cards name among the training lines of --data"
              + " and writes their texts into the bundle, to be seen by whoever gets it or may read"
              + " the experts, as train --keep-example-texts does. The data's licence may forbid"
              + " that, and the texts may be personal.")
  private boolean writeExampleTexts;

  @Option(
      names = "--controlled",
      description =
          "The controlled experiments instead: made worlds whose truth is known; needs no data and"
              + " no bundle.")
  private boolean controlled;

  @Option(
      names = "--seeds",
      defaultValue = "3",
      description = "Worlds of --controlled (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(names = "--out", description = "Where report.json and report.html are written.")
  private @Nullable Path out;

  @Option(
      names = "--cache-dir",
      defaultValue = ".palate/cache",
      description = "Where encodings are kept (default: ${DEFAULT-VALUE}).")
  private Path cacheDir = Path.of("");

  @Mixin private RemoteEncoderOptions remote = new RemoteEncoderOptions();

  @Override
  public Integer call() {
    requireSensible();
    try {
      if (controlled) {
        study();
      } else {
        evaluate();
      }
      return 0;
    } catch (BundleException | DataException | IllegalArgumentException e) {
      spec.commandLine().getErr().println(e.getMessage());
      spec.commandLine().getErr().flush();
      return 1;
    }
  }

  private void requireSensible() {
    require(
        controlled || !data.isEmpty() || !whole.isEmpty(),
        "Name a file by --data or --whole, or run --controlled");
    require(!controlled || (data.isEmpty() && whole.isEmpty()), "--controlled makes its own data");
    List<String> instead = instead();
    require(instead.size() <= 1, "%s: one at a time".formatted(String.join(" and ", instead)));
    require(
        !unseenContexts || instead.isEmpty(),
        "--unseen-contexts is not for %s".formatted(String.join("", instead)));
    require(
        !writeExampleTexts || whole.isEmpty(),
        "--write-example-texts looks at training lines, which --whole has none of; use --data");
    require(
        !comparisons || Arrays.stream(shots).anyMatch(shown -> shown > 0),
        "--comparisons needs a number of labels above 0 in --shots");
    require(seeds >= 1, "--seeds must be at least 1");
    require(Arrays.stream(shots).allMatch(shown -> shown >= 0), "--shots must not be negative");
    require(draws >= 1, "--draws must be at least 1");
  }

  /** What was asked for instead of a report. */
  private List<String> instead() {
    List<String> instead = new ArrayList<>();
    addIf(controlled, "--controlled", instead);
    addIf(comparisons, "--comparisons", instead);
    addIf(writeDiagnostics, "--write-diagnostics", instead);
    addIf(writeExampleTexts, "--write-example-texts", instead);
    return instead;
  }

  private static void addIf(boolean asked, String option, List<String> instead) {
    if (asked) {
      instead.add(option);
    }
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private void study() {
    ControlledReport report =
        ControlledStudy.run(ControlledSettings.DEFAULT, seeds, this::progress);
    spec.commandLine().getOut().println(report.markdown());
    spec.commandLine().getOut().flush();
    if (out != null) {
      ReportFiles.write(report, out);
      progress("wrote " + out.resolve("controlled.json"));
    }
  }

  private void evaluate() {
    Bundle read = Bundles.read(bundle);
    boolean ownArchive = read.encoder().kind() == EncoderSpec.Kind.TORCHSCRIPT;
    if (ownArchive && unseenContexts) {
      throw new DataException(
          "--unseen-contexts trains heads anew on a frozen encoder; this bundle holds an encoder of"
              + " its own (torchscript)");
    }
    TrainingData pairs = TrainingData.read(files(data), files(whole), PairReader.OnBadLine.SKIP);
    if (writeExampleTexts) {
      progress("wrote %s into %s".formatted(ExampleTexts.addTo(bundle, read, pairs), bundle));
      return;
    }
    requireTestLines(pairs);
    ModelSettings settings =
        new ModelSettings(TorchDevice.AUTO, TorchDtype.AUTO, cacheDir, 4096, 65_536)
            .withRemote(remote.settings());
    try (Arena arena = Arena.ofShared()) {
      Material material =
          ownArchive
              ? Material.of(
                  read,
                  pairs,
                  EncodedData.scores(pairs, bundle, read.encoder(), read.routedCount(), settings))
              : Material.of(read, pairs, EncodedData.of(pairs, read.encoder(), settings, arena));
      if (comparisons) {
        compare(material);
        return;
      }
      if (writeDiagnostics) {
        diagnose(material);
        return;
      }
      Reporting reporting =
          new Reporting(
              new Evaluation(
                  Arrays.stream(shots).sorted().distinct().toArray(),
                  new Judge(draws, seed),
                  new Bootstrap(RESAMPLES, seed)),
              baselines,
              this::progress);
      Report report = reporting.report(material, unseenContexts);
      print(report);
      if (out != null) {
        ReportFiles.write(report, out);
        progress("wrote " + out.resolve("report.json") + " and " + out.resolve("report.html"));
      }
    }
  }

  private void diagnose(Material material) {
    BundleDiagnostics before = material.bundle().diagnostics();
    Bundles.writeDiagnostics(
        bundle,
        new TrainedDiagnostics(material.data(), material.scores(), material.likelihood())
            .of(before == null ? List.of() : before.learning()));
    progress("wrote diagnostics.json into " + bundle);
  }

  private void compare(Material material) {
    int[] budgets = Arrays.stream(shots).filter(shown -> shown > 0).sorted().distinct().toArray();
    ComparisonStudy study =
        new ComparisonStudy(
            budgets, draws, new Bootstrap(RESAMPLES, seed), ComparisonStudy.INFORMATION_GAIN);
    ComparisonReport report = study.of(material, Split.TEST, this::progress);
    spec.commandLine().getOut().println(report.markdown());
    spec.commandLine().getOut().flush();
    if (out != null) {
      ReportFiles.write(report, out);
      progress("wrote " + out.resolve("comparisons.json"));
    }
  }

  private static List<DataFile> files(List<String> names) {
    List<DataFile> files = names.stream().map(DataFile::parse).toList();
    for (DataFile file : files) {
      if (!Files.isRegularFile(file.path())) {
        throw new DataException("there is no file '" + file.path() + "'");
      }
    }
    return files;
  }

  private static void requireTestLines(TrainingData pairs) {
    if (pairs.pairs().isEmpty()) {
      throw new DataException("the data holds no preference pair");
    }
    if (pairs.indices(Split.TEST).length == 0) {
      throw new DataException("the data has no test line; --whole judges every line of a file");
    }
  }

  private void progress(String what) {
    spec.commandLine().getErr().println(what);
    spec.commandLine().getErr().flush();
  }

  private void print(Report report) {
    PrintWriter print = spec.commandLine().getOut();
    report.notes().forEach(print::println);
    print.println(ReportTable.of(report.test()));
    Report.HeldOut heldOut = report.unseenContexts();
    if (heldOut != null) {
      print.println("Trained anew, judged on contexts or prompts held out:");
      heldOut
          .contexts()
          .forEach(part ->
              print.printf(
                  Locale.ROOT,
                  "%s: %d of %d %ss, %d test pairs%n",
                  part.dataset(),
                  part.heldOut(),
                  part.of(),
                  part.kind(),
                  part.testPairs()));
      print.println();
      print.println(ReportTable.of(heldOut.section()));
    }
    print.flush();
  }
}
