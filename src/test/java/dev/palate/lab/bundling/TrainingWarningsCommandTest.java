package dev.palate.lab.bundling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleWarning;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.model.torch.TinyModels;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.taste.LabelMargin;
import dev.palate.core.taste.Likelihood;
import dev.palate.core.taste.MixtureSolver;
import dev.palate.core.taste.Prior;
import dev.palate.core.taste.ScaleGrid;
import dev.palate.lab.data.DataFile;
import dev.palate.lab.data.PairReader;
import dev.palate.lab.data.TrainingData;
import dev.palate.lab.encode.EncodedData;
import dev.palate.lab.encode.PairScores;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code train} on 200 lines of four users with two tastes, as it is typed. */
@NeedsEngine
class TrainingWarningsCommandTest {

  /** What a user always chooses. */
  enum Taste {
    SHORT,
    LISTS
  }

  private static final List<String> THINGS =
      List.of(
          "bread", "water", "paint", "wood", "paper", "cloth", "stone", "glass", "wire", "soil");
  private static final List<String> ACTS =
      List.of("Weigh", "Fetch", "Clean", "Store", "Measure", "Carry", "Dry", "Cut", "Mix", "Sort");

  private static final int NEW_USERS = 8;

  @TempDir private static Path dir;
  private static Path bundle = Path.of("");
  private static final StringWriter OUT = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void train() throws IOException {
    bundle = dir.resolve("demo-sized");
    StringWriter failed = new StringWriter();
    assertThat(run(OUT, failed, bundle, fourUsers())).as(failed.toString()).isZero();
  }

  private static Path fourUsers() throws IOException {
    StringBuilder lines = new StringBuilder();
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      Taste taste = i % 4 < 2 ? Taste.SHORT : Taste.LISTS;
      lines.append(line("u" + i % 4, i, taste, random, ""));
    }
    return Files.writeString(dir.resolve("four.jsonl"), lines.toString());
  }

  /** Of two responses one is short and the other long, one a list and the other prose. */
  private static String line(String user, int i, Taste taste, Random random, String more) {
    boolean shortIsList = random.nextBoolean();
    String brief = response(random, 3, shortIsList);
    String lengthy = response(random, 9, !shortIsList);
    boolean choosesBrief = taste == Taste.SHORT || shortIsList;
    return """
    {"user": "%s", "prompt": "How do I keep house on day %d?", "chosen": "%s", "rejected": "%s"%s}
    """
        .formatted(user, i, choosesBrief ? brief : lengthy, choosesBrief ? lengthy : brief, more);
  }

  private static String response(Random random, int sentences, boolean list) {
    StringBuilder text = new StringBuilder();
    for (int s = 0; s < sentences; s++) {
      text.append(list ? "- " : "")
          .append(ACTS.get(random.nextInt(ACTS.size())))
          .append(" the ")
          .append(THINGS.get(random.nextInt(THINGS.size())))
          .append(list ? "\\n" : ". ");
    }
    return text.toString();
  }

  @Test
  void newUsersAreHeardAfterTenLabels() throws IOException {
    double rise = 0;
    for (Taste taste : Taste.values()) {
      double[] agreement = agreement(taste);
      assertThat(agreement[1]).as("%s, %s without labels", taste, agreement[0]).isGreaterThan(.8);
      rise += agreement[1] - agreement[0];
    }
    assertThat(rise / Taste.values().length).isGreaterThan(.1);
  }

  /** Mean over new users of one taste, on pairs they did not label: without labels, and with 10. */
  private static double[] agreement(Taste taste) throws IOException {
    StringBuilder lines = new StringBuilder();
    Random random = new Random(11 + taste.ordinal());
    for (int i = 0; i < 10 * NEW_USERS + 100; i++) {
      lines.append(line("new", 1000 + i, taste, random, ", \"split\": \"test\""));
    }
    Path file = Files.writeString(dir.resolve(taste + ".jsonl"), lines.toString());
    Bundle read = Bundles.read(bundle);
    TrainingData data =
        TrainingData.read(
            List.of(DataFile.parse(file.toString())), List.of(), PairReader.OnBadLine.STOP);
    PairScores scores = scores(read, data);
    Likelihood likelihood =
        new Likelihood(read.scale(), read.labelNoise(), read.topM(), read.sharedCount());
    Prior prior = new Prior(read.prior().mean(), read.prior().covariance(), read.prior().leeway());
    MixtureSolver solver =
        new MixtureSolver(
            prior, likelihood, new ScaleGrid(read.prior().scales(), read.prior().masses()));
    double before = 0;
    double after = 0;
    for (int user = 0; user < NEW_USERS; user++) {
      List<LabelMargin> labels = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        labels.add(scores.label(10 * user + i, 1));
      }
      double[] shift = solver.solve(labels).shift();
      for (int i = 10 * NEW_USERS; i < scores.size(); i++) {
        LabelMargin asked = scores.label(i, 1);
        before += asked.margin(new double[shift.length], prior.leeway(), likelihood) > 0 ? 1 : 0;
        after += asked.margin(shift, prior.leeway(), likelihood) > 0 ? 1 : 0;
      }
    }
    int asked = NEW_USERS * (scores.size() - 10 * NEW_USERS);
    return new double[] {before / asked, after / asked};
  }

  private static PairScores scores(Bundle read, TrainingData data) {
    try (Arena arena = Arena.ofConfined()) {
      ModelSettings settings =
          new ModelSettings(TorchDevice.CPU, TorchDtype.FP32, dir.resolve("cache"), 4096, 65_536);
      EncoderSpec encoder = TinyModels.onClassPath(EncoderSpec.ResponseInput.RESPONSE);
      return PairScores.of(
              Objects.requireNonNull(read.head()), EncodedData.of(data, encoder, settings, arena))
          .withShared(Objects.requireNonNull(read.shared()), data.pairs());
    }
  }

  @Test
  void tooFewRatersAreToldAtTheEndInTheCardAndInTheBundle() throws IOException {
    List<BundleWarning> warnings = Bundles.read(bundle).warnings();
    assertThat(warnings)
        .extracting(BundleWarning::code)
        .contains("too_few_raters")
        .doesNotContain("prior_too_small", "leaking_lines");
    for (BundleWarning warning : warnings) {
      assertThat(OUT.toString().substring(OUT.toString().indexOf("written to")))
          .contains("warning: " + warning.message());
      assertThat(Files.readString(bundle.resolve("MODEL_CARD.md")))
          .contains("## Warnings\n", "- " + warning.message() + " (`" + warning.code() + "`)");
    }
    assertThat(OUT.toString())
        .contains("have 4 raters with 4 lines or more and 20 are needed (four: 4)");
  }

  @Test
  void strictRefusesEachWarningAndLeavesTheTargetAsItWas() throws IOException {
    Path target = Files.createDirectories(dir.resolve("strict"));
    Files.writeString(target.resolve("note"), "mine");
    assertThat(run(new StringWriter(), err, target, fourUsers(), "--strict")).isEqualTo(1);
    assertThat(err.toString().lines().toList())
        .hasSameSizeAs(Bundles.read(bundle).warnings())
        .allMatch(line -> line.startsWith("error: "))
        .anyMatch(line -> line.contains("20 are needed"));
    try (var files = Files.list(target)) {
      assertThat(files).containsExactly(target.resolve("note"));
    }
  }

  @Test
  void linesThatWouldLeakAreToldByNumberAndLinesWithoutUsersAsNoRaters() throws IOException {
    StringBuilder lines = new StringBuilder();
    Random random = new Random(3);
    for (int i = 0; i < 120; i++) {
      String split = i < 20 ? "test" : "train";
      // lines 21 to 32 have the prompts of lines 1 to 12
      int prompt = i >= 20 && i < 32 ? i - 20 : i;
      lines.append(
          line("u", prompt, Taste.SHORT, random, ", \"split\": \"%s\"".formatted(split))
              .replace("\"user\": \"u\", ", ""));
    }
    Path file = Files.writeString(dir.resolve("leaks.jsonl"), lines.toString());
    StringWriter out = new StringWriter();
    assertThat(run(out, err, dir.resolve("leaks"), file)).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains(
            "warning: 12 lines were dropped",
            "(leaks: lines 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, ...)",
            "same 'split'",
            "have no raters with 4 lines or more and 20 are needed (leaks: 0)");
    assertThat(Bundles.read(dir.resolve("leaks")).warnings())
        .extracting(BundleWarning::code)
        .contains("leaking_lines", "too_few_raters");
  }

  private static int run(
      StringWriter out, StringWriter err, Path target, Path from, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--data", from.toString(), "--out", target.toString()));
    arguments.addAll(List.of("--dtype", "FP32", "--device", "CPU"));
    arguments.addAll(List.of("--experts", "3", "--epochs", "3", "--seeds", "1"));
    arguments.addAll(List.of("--cache-dir", dir.resolve("cache").toString()));
    arguments.addAll(List.of(more));
    return new CommandLine(new TrainCommand(TinyModels::onClassPath))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }
}
