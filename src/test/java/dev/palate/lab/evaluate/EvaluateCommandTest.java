package dev.palate.lab.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleDiagnostics;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.TestBundles;
import dev.palate.core.model.torch.TinyModels;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command as it is typed, on a random bundle over the real encoder. */
@NeedsEngine
class EvaluateCommandTest {

  @TempDir private static Path dir;
  private static Path bundle;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void writeBundle() {
    bundle = TestBundles.randomBundle(dir.resolve("bundle"), 4, 1);
  }

  @Test
  void printsATableAndWritesTheReport() throws IOException {
    Path data = write("mine.jsonl", true, "test-users");
    Path report = dir.resolve("report");
    int code = run("--data", data.toString(), "--out", report.toString(), "--shots", "0,3");
    assertThat(err.toString() + code).endsWith("0");
    assertThat(out.toString())
        .contains("| mine | all pairs | 4 | 36 |")
        .contains("| mine | 0 | 4 |")
        .contains("| mine | 3 | 4 |")
        .contains("baselines that learn are left out");
    assertThat(report.resolve("report.json")).isNotEmptyFile();
    assertThat(Files.readString(report.resolve("report.html"))).contains("\"mine\"");
  }

  @Test
  void aBundleWithAnArchiveOfItsOwnIsJudgedByItsScores() throws IOException {
    Path data = write("archive.jsonl", true, "test-users");
    Path tiny = dir.resolve("tiny");
    TinyModels.ownArchive(tiny, 3);
    int code = run("--data", data.toString(), "--bundle", tiny.toString(), "--shots", "0,3");
    assertThat(err.toString() + code).endsWith("0");
    assertThat(out.toString())
        .contains("| archive | all pairs | 4 | 36 |")
        .contains("| archive | 3 | 4 |");
  }

  @Test
  void whatNeedsEmbeddingsIsLeftOutForSuchABundleAndSaidSo() throws IOException {
    Path tiny = dir.resolve("tiny-too");
    TinyModels.ownArchive(tiny, 3);
    StringBuilder lines = new StringBuilder();
    for (String split : new String[] {"train-users", "val-users", "test-users"}) {
      lines.append(
          Files.readString(write("part.jsonl", true, split)).replace(": \"u", ": \"" + split));
    }
    Path data = Files.writeString(dir.resolve("parts.jsonl"), lines);
    String[] options = {"--data", data.toString(), "--bundle", tiny.toString(), "--shots", "0"};
    assertThat(run(options)).isZero();
    assertThat(out.toString())
        .contains("no embeddings: baselines that learn on embeddings are left out");
    assertThat(err.toString())
        .contains("fitting Hedge, tilted", "fitting majority")
        .doesNotContain("LoRe");
    List<String> anew = new ArrayList<>(List.of(options));
    anew.add("--unseen-contexts");
    assertThat(run(anew.toArray(String[]::new))).isEqualTo(1);
    assertThat(err.toString()).contains("--unseen-contexts trains heads anew", "torchscript");
  }

  @Test
  void withoutUserIdsThereIsAccuracyAndNothingToAdaptTo() throws IOException {
    Path data = write("anonymous.jsonl", false, "test");
    assertThat(run("--whole", data.toString(), "--baselines=false")).isZero();
    assertThat(out.toString())
        .contains("| anonymous | all pairs |  | 36 |")
        .contains("No test line has an unseen user");
  }

  @Test
  void dataWithoutTestLinesIsRefusedWithWhatToDo() throws IOException {
    Path data = write("train.jsonl", true, "train-users");
    assertThat(run("--data", data.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("no test line", "--whole");
  }

  @Test
  void emptyDataAndMissingFilesAreNamed() throws IOException {
    Path empty = Files.writeString(dir.resolve("empty.jsonl"), "");
    assertThat(run("--data", empty.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("no preference pair");
    assertThat(run("--data", dir.resolve("nowhere.jsonl").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("there is no file", "nowhere.jsonl");
  }

  @Test
  void diagnosticsAreWrittenIntoTheBundleWhichStaysTheSameModel() throws IOException {
    Path own = dir.resolve("diagnosed");
    Bundle before = Bundles.read(TestBundles.randomBundle(own, 4, 1));
    Path golden = Files.writeString(own.resolve("golden.json"), "untouched");
    Path data = write("diagnosed.jsonl", true, "test-users");
    String[] options = {
      "--bundle", own.toString(), "--data", data.toString(), "--write-diagnostics"
    };

    int code = run(options);

    assertThat(err.toString() + code).endsWith("0");
    Bundle after = Bundles.read(own);
    assertThat(before.diagnostics()).isNull();
    BundleDiagnostics measured = Objects.requireNonNull(after.diagnostics());
    assertThat(measured.learning()).isEmpty();
    assertThat(measured.calibration())
        .singleElement()
        .satisfies(test -> assertThat(test.pairs()).isEqualTo(36));
    assertThat(after.version()).isEqualTo(before.version());
    assertThat(golden).hasContent("untouched");
    run(options);
    assertThat(Bundles.read(own).diagnostics()).isEqualTo(measured);
    assertThat(run("--data", data.toString(), "--write-diagnostics", "--comparisons")).isEqualTo(2);
  }

  @Test
  void comparisonsAreATableAndAFileOfTheirOwn() throws IOException {
    Path data = write("compared.jsonl", true, "test-users");
    Path report = dir.resolve("comparisons");
    int code =
        run(
            "--data",
            data.toString(),
            "--out",
            report.toString(),
            "--comparisons",
            "--shots",
            "0,1");
    assertThat(err.toString() + code).endsWith("0");
    assertThat(out.toString()).contains("| compared | 1 | 4 | 4 |");
    assertThat(Files.readString(report.resolve("comparisons.json")))
        .contains("\"palate-comparisons-1\"", "\"log_loss_gain\"");
    assertThat(report.resolve("report.json")).doesNotExist();
  }

  @Test
  void senselessOptionsAreRefused() {
    assertThat(run("--data", "x", "--comparisons", "--shots", "0")).isEqualTo(2);
    assertThat(run("--data", "x", "--comparisons", "--unseen-contexts")).isEqualTo(2);
    assertThat(run("--shots", "0")).isEqualTo(2);
    assertThat(run("--data", "x", "--shots", "-1")).isEqualTo(2);
    assertThat(run("--data", "x", "--draws", "0")).isEqualTo(2);
  }

  private int run(String... options) {
    List<String> arguments = new ArrayList<>(Arrays.asList(options));
    arguments.addAll(
        List.of(
            "--bundle",
            bundle.toString(),
            "--draws=2",
            "--cache-dir",
            dir.resolve("cache").toString()));
    if (Arrays.asList(options).contains("--bundle")) {
      arguments.subList(options.length, options.length + 2).clear();
    }
    if (arguments.contains("--draws")) {
      arguments.remove("--draws=2");
    }
    return new CommandLine(new EvaluateCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }

  /** Four users with nine pairs each. */
  private static Path write(String name, boolean users, String split) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 36; i++) {
      lines.append(
          """
          {"id": "%d", %s "prompt": "Question %d?", "chosen": "Yes, %d.", "rejected": "No, %d.", "split": "%s"}
          """
              .formatted(i, users ? "\"user\": \"u" + i % 4 + "\"," : "", i % 6, i, i, split));
    }
    return Files.writeString(dir.resolve(name), lines);
  }
}
