package dev.palate.core.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.cli.BundleCommand;
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

class ExamplePairsTest {

  private static final ExamplePair TEA = new ExamplePair("tea-1", "Tea?", "Yes, green.", "No.");
  private static final ExamplePair SHIP = new ExamplePair("ship-9", "", "Aye.", "Überhaupt nicht.");

  @TempDir private Path temp;
  private Path plain = Path.of("");
  private Path dir = Path.of("");

  @BeforeEach
  void write() {
    plain = temp.resolve("plain");
    Bundle random = Bundles.read(TestBundles.randomBundle(temp.resolve("random"), 2, 1));
    Bundles.write(
        plain,
        random.withExperts(
            List.of(card(0, "tea-1", "lost-4", "tea-1"), card(1, "ship-9", "tea-1"))));
    dir = temp.resolve("texts");
    Bundles.write(dir, Bundles.read(plain).withExamplePairs(List.of(TEA, SHIP)));
  }

  private static ExpertCard card(int expert, String... examples) {
    return new ExpertCard(expert, "e" + expert, "d", 0.5, List.of(), List.of(examples));
  }

  @Test
  void theyReadBackAsTheyWereWrittenAndGoWithACopy() {
    Bundle read = Bundles.read(dir);
    assertThat(read.examplePairs()).containsExactly(TEA, SHIP);
    Bundle copy =
        Bundles.write(temp.resolve("copy"), read.withExperts(read.experts()).withDiagnostics(null));
    assertThat(copy.examplePairs()).containsExactly(TEA, SHIP);
  }

  @Test
  void aCardsPairsAreThoseOfWhichThereAreTextsInItsOwnOrder() {
    Bundle read = Bundles.read(dir);
    assertThat(read.examplePairs(read.experts().get(0))).containsExactly(TEA);
    assertThat(read.examplePairs(read.experts().get(1))).containsExactly(SHIP, TEA);
  }

  @Test
  void theyDecideNoScoreAndSoNoVersion() {
    assertThat(Bundles.read(dir).version()).isEqualTo(Bundles.read(plain).version());
  }

  @Test
  void aBundleWithoutThemHasNone() {
    Bundle without = Bundles.read(plain);
    assertThat(without.examplePairs()).isEmpty();
    assertThat(plain.resolve("bundle.json")).content().doesNotContain("example_pairs");
    assertThat(plain.resolve("example-pairs.json")).doesNotExist();
    Bundles.write(dir, without);
    assertThat(dir.resolve("example-pairs.json")).as("of the bundle before").doesNotExist();
  }

  @Test
  void theyAreAddedToABundleThatHasNoneAndReplaced() throws IOException {
    Path golden = Files.writeString(plain.resolve("golden.json"), "untouched");
    String version = Bundles.read(plain).version();

    Bundles.writeExamplePairs(plain, List.of(TEA));
    assertThat(Bundles.read(plain).examplePairs()).containsExactly(TEA);

    Bundles.writeExamplePairs(plain, List.of(SHIP));
    assertThat(Bundles.read(plain).examplePairs()).containsExactly(SHIP);
    assertThat(Bundles.read(plain).version()).isEqualTo(version);
    assertThat(golden).hasContent("untouched");
  }

  @Test
  void diagnosticsAndTextsAreAddedWithoutLosingEachOther() {
    BundleDiagnostics measured =
        new BundleDiagnostics(
            List.of(),
            List.of(),
            List.of(new BundleDiagnostics.Domain("Tea", 20, List.of(0.5, 0.5), List.of(0.5, 0.5))),
            List.of());
    Bundles.writeDiagnostics(dir, measured);
    Bundles.writeExamplePairs(dir, List.of(SHIP));
    assertThat(Bundles.read(dir).diagnostics()).isEqualTo(measured);
    assertThat(Bundles.read(dir).examplePairs()).containsExactly(SHIP);
  }

  @Test
  void pairsThatNoCardNamesAreRefusedBeforeAnythingIsWritten() {
    ExamplePair other = new ExamplePair("other", "p", "c", "r");
    assertThatThrownBy(() -> Bundles.writeExamplePairs(plain, List.of(TEA, other)))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("example-pairs.json: no card names the pair 'other'");
    assertThat(Bundles.read(plain).examplePairs()).isEmpty();
    assertThatThrownBy(() -> Bundles.writeExamplePairs(plain, List.of(TEA, TEA)))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("holds the pair 'tea-1' twice");
    assertThatThrownBy(() -> Bundles.writeExamplePairs(plain, List.of()))
        .hasMessageContaining("'pairs' must not be empty");
  }

  @Test
  void aFileThatWasTouchedOrTakenAwayIsFoundOut() throws IOException {
    Path file = dir.resolve("example-pairs.json");
    Files.writeString(file, Files.readString(file).replace("green", "black"));
    assertThatThrownBy(() -> Bundles.read(dir))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("example-pairs.json is not the file");
    StringWriter err = new StringWriter();
    assertThat(command(dir, new StringWriter(), err, "verify")).isEqualTo(1);
    assertThat(err.toString()).contains("example-pairs.json");
    Files.delete(file);
    assertThatThrownBy(() -> Bundles.read(dir))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("example-pairs.json is missing");
  }

  /** As docs/experts.md says. */
  @Test
  void theyAreTakenOutOfABundleByHand() throws IOException {
    Files.delete(dir.resolve("example-pairs.json"));
    Path manifest = dir.resolve("bundle.json");
    Files.writeString(
        manifest, Files.readString(manifest).replaceFirst(".*\"example_pairs_sha256\".*\n", ""));
    assertThat(Bundles.read(dir).examplePairs()).isEmpty();
    assertThat(Bundles.read(dir).version()).isEqualTo(Bundles.read(plain).version());
  }

  @Test
  void inspectSaysWhetherThereAreTexts() {
    StringWriter out = new StringWriter();
    assertThat(command(dir, out, new StringWriter(), "inspect")).isZero();
    assertThat(out.toString()).contains("texts of 2 pairs that the cards name");
    assertThat(command(plain, out, new StringWriter(), "inspect")).isZero();
    assertThat(out.toString()).contains("no texts of the data");
  }

  private static int command(Path dir, StringWriter out, StringWriter err, String name) {
    return new CommandLine(new BundleCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(name, dir.toString());
  }

  @Test
  void whatIsTooLongIsCutAndSaysSo() {
    String fits = "x".repeat(2_000);
    String pairAtTheEnd = "x".repeat(1_998) + "😀".repeat(9);
    ExamplePair pair = ExamplePair.of("long", fits, fits + "y", pairAtTheEnd);
    assertThat(pair.prompt()).isEqualTo(fits);
    assertThat(pair.chosen()).isEqualTo("x".repeat(1_999) + "…");
    assertThat(pair.rejected()).as("no half of a character").isEqualTo("x".repeat(1_998) + "…");
    assertThatThrownBy(() -> new ExamplePair("long", fits + "y", "c", "r"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a text of the pair 'long' has more than 2000 characters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"id\" : \"tea-1\", | `` | a pair's 'id' is missing",
        "\"id\" : \"tea-1\" | \"id\" : \" \" | a pair's 'id' is missing",
        "\"prompt\" : \"Tea?\", | `` | 'prompt' of the pair 'tea-1' is missing",
        "\"Yes, green.\" | null | 'chosen' of the pair 'tea-1' is missing",
        "\"Yes, green.\" | \"\" | 'chosen' of the pair 'tea-1' is missing",
        "\"No.\" | null | 'rejected' of the pair 'tea-1' is missing",
        "\"No.\" | \"No.\", \"user\" : \"u1\" | user",
        "\"No.\" | {} | example-pairs.json cannot be read",
        "[ { | [ null, { | holds no pair, or has a gap",
        "] | ( | example-pairs.json cannot be read",
      })
  void whatIsNoListOfPairsIsRefusedByName(String good, String bad, String message)
      throws IOException {
    String json = Files.readString(dir.resolve("example-pairs.json"));
    assertThat(json.replaceAll("\\s+", " ")).contains(good);
    byte[] file = json.replaceAll("\\s+", " ").replace(good, bad).getBytes(UTF_8);
    assertRefused(file, message);
  }

  @ParameterizedTest
  @CsvSource({"null", "[]", "7", "{}", "['tea-1']"})
  void anotherKindOfJsonIsRefused(String json) {
    assertRefused(json.replace('\'', '"').getBytes(UTF_8), "example-pairs.json");
  }

  private static void assertRefused(byte[] json, String message) {
    assertThatThrownBy(() -> Bundles.examplePairs(json, Path.of("example-pairs.json")))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("example-pairs.json")
        .hasMessageContaining(message)
        .hasMessageContaining("train again");
  }
}
