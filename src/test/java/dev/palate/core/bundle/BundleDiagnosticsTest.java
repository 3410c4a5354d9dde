package dev.palate.core.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.cli.BundleCommand;
import dev.palate.core.bundle.BundleDiagnostics.Bin;
import dev.palate.core.bundle.BundleDiagnostics.Calibration;
import dev.palate.core.bundle.BundleDiagnostics.Domain;
import dev.palate.core.bundle.BundleDiagnostics.Epoch;
import dev.palate.core.bundle.BundleDiagnostics.LearningCurve;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BundleDiagnosticsTest {

  private static final BundleDiagnostics SMALL =
      new BundleDiagnostics(
          List.of(
              new LearningCurve("head", 1, true, 1, List.of(new Epoch(1, 0.7, 0.6, 0.65))),
              new LearningCurve(
                  "fine_tuning",
                  1,
                  false,
                  0,
                  List.of(new Epoch(0, null, 0.6, 0.65), new Epoch(1, 0.5, 0.61, 0.64)))),
          List.of(
              new Calibration("made", "test", 9, 0.1, List.of(new Bin(0.7, 0.75, 1, 0.7, 0.8)))),
          List.of(
              new Domain("Tea", 20, List.of(0.75, 0.25), List.of(0.75, 0.25)),
              new Domain("Ships", 20, List.of(0.25, 0.75), List.of(0.5, 1.0))),
          List.of(0.25, 0.75));

  @TempDir private Path temp;
  private Path dir = Path.of("");

  @BeforeEach
  void write() {
    Path plain = TestBundles.randomBundle(temp.resolve("plain"), 2, 1);
    dir = temp.resolve("measured");
    Bundles.write(dir, Bundles.read(plain).withDiagnostics(SMALL));
  }

  @Test
  void theyReadBackAsTheyWereWrittenAndGoWithACopy() {
    Bundle read = Bundles.read(dir);
    assertThat(read.diagnostics()).isEqualTo(SMALL);
    Bundle copy = Bundles.write(temp.resolve("copy"), read.withExperts(read.experts()));
    assertThat(copy.diagnostics()).isEqualTo(SMALL);
  }

  @Test
  void theyDecideNoScoreAndSoNoVersion() {
    assertThat(Bundles.read(dir).version())
        .isEqualTo(Bundles.read(temp.resolve("plain")).version());
  }

  @Test
  void aBundleWithoutThemHasNone() throws IOException {
    Bundle plain = Bundles.read(temp.resolve("plain"));
    assertThat(plain.diagnostics()).isNull();
    assertThat(temp.resolve("plain/bundle.json")).content().doesNotContain("diagnostics");
    Bundles.write(dir, plain);
    assertThat(dir.resolve("diagnostics.json")).as("of the bundle before").doesNotExist();
  }

  @Test
  void aFileThatWasTouchedOrTakenAwayIsFoundOut() throws IOException {
    Path file = dir.resolve("diagnostics.json");
    Files.writeString(file, Files.readString(file).replace("0.61", "0.51"));
    assertThatThrownBy(() -> Bundles.read(dir))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("diagnostics.json is not the file")
        .hasMessageContaining("Restore it or train again");
    StringWriter err = new StringWriter();
    assertThat(command(new StringWriter(), err, "verify")).isEqualTo(1);
    assertThat(err.toString()).contains("diagnostics.json");
    Files.delete(file);
    assertThatThrownBy(() -> Bundles.read(dir))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("diagnostics.json is missing");
  }

  @Test
  void inspectSaysWhatThereIs() {
    StringWriter out = new StringWriter();
    assertThat(command(out, new StringWriter(), "inspect")).isZero();
    assertThat(out.toString())
        .contains("diagnostics of 2 runs of training, 1 calibration curves, 2 domains");
    dir = temp.resolve("plain");
    assertThat(command(out, new StringWriter(), "inspect")).isZero();
    assertThat(out.toString()).contains("no diagnostics: ");
  }

  private int command(StringWriter out, StringWriter err, String name) {
    return new CommandLine(new BundleCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(name, dir.toString());
  }

  @Test
  void anotherNumberOfExpertsThanTheBundlesIsRefused() {
    Bundle three = Bundles.read(TestBundles.randomBundle(temp.resolve("three"), 3, 1));
    assertThatThrownBy(() -> Bundles.write(temp.resolve("other"), three.withDiagnostics(SMALL)))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining(
            "diagnostics.json: 'domains' must have a number for each routed expert");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"head\" | \"tail\" | 'stage' must be one of",
        "\"head\" | null | 'stage' must be one of",
        "\"kept_epoch\" : 1 | \"kept_epoch\" : 9 | 'kept_epoch' must be one of the epochs",
        "\"accuracy\" : 0.65 | \"accuracy\" : 1.65 | 'accuracy' must be in [0, 1]",
        "\"accuracy\" : 0.65 | \"accuracy\" : \"NaN\" | 'accuracy' must be in [0, 1]",
        "\"log_loss\" : 0.61 | \"log_loss\" : -0.61 | 'log_loss' must be positive",
        "\"objective\" : 0.5 | \"objective\" : \"NaN\" | 'objective' must be a number",
        "\"test\" | \"train\" | 'split' must be one of",
        "\"pairs\" : 9 | \"pairs\" : 0 | 'pairs' must be positive",
        "\"error\" : 0.1 | \"error\" : 7 | 'error' must be in [0, 1]",
        "\"low\" : 0.7 | \"low\" : 0.2 | 'low' must be below 'high'",
        "\"routing\" : [ 0.75, 0.25 ] | \"routing\" : [ 0.75, 2 ] | 'routing' must be in [0, 1]",
        "\"routing\" : [ 0.75, 0.25 ] | \"routing\" : [ 0.75 ] | 'accuracy' must have as many",
        "\"routing\" : [ 0.75, 0.25 ] | \"routing\" : [ 0.75, null ] | 'routing' is missing",
        "\"selectivity\" : [ 0.25, 0.75 ] | \"selectivity\" : [ 0.25 ] | 'selectivity' must have",
        "\"selectivity\" : [ 0.25, 0.75 ] | \"selectivity\" : [ 0.25, 3 ] | 'selectivity' must be",
        "\"selectivity\" | \"colour\" : 1, \"selectivity\" | colour",
        "\"Tea\" | null | 'name' is missing",
        "] | ( | diagnostics.json cannot be read",
      })
  void whatIsNoDiagnosticsIsRefusedByField(String good, String bad, String message)
      throws IOException {
    String json = Files.readString(dir.resolve("diagnostics.json"));
    assertThat(json).contains(good);
    byte[] file = json.replaceFirst(java.util.regex.Pattern.quote(good), bad).getBytes(UTF_8);
    assertThatThrownBy(() -> Bundles.diagnostics(file, Path.of("diagnostics.json")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("diagnostics.json")
        .hasMessageContaining(message)
        .hasMessageContaining("train again");
  }

  @ParameterizedTest
  @CsvSource({"null", "[]", "7", "{}"})
  void anotherKindOfJsonIsRefused(String json) {
    assertThatThrownBy(() -> Bundles.diagnostics(json.getBytes(UTF_8), Path.of("diagnostics.json")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("diagnostics.json");
  }
}
