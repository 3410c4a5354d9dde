package dev.palate.lab.bundling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.ExamplePair;
import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.bundle.TestBundles;
import dev.palate.core.model.torch.TinyModels;
import dev.palate.lab.evaluate.EvaluateCommand;
import dev.palate.tier.NeedsEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code train --keep-example-texts} and {@code evaluate --write-example-texts} as typed. */
@NeedsEngine
class ExampleTextsCommandTest {

  private static final String FILE = "example-pairs.json";
  private static final String CARD = "MODEL_CARD.md";

  @TempDir private static Path dir;
  private static Path data;
  private static Path plain;
  private static Path kept;

  private static final StringWriter OUT = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path own;
  private Path bundle = Path.of("");

  @BeforeAll
  static void train() throws IOException {
    data = Files.writeString(dir.resolve("made.jsonl"), MadeLines.draw(400, 1));
    plain = dir.resolve("plain");
    kept = dir.resolve("kept");
    train(plain);
    train(kept, "--keep-example-texts");
  }

  @BeforeEach
  void copy() throws IOException {
    bundle = own.resolve("bundle");
    FileSystemUtils.copyRecursively(plain, bundle);
  }

  @Test
  void trainKeepsNoTextUnlessTold() throws IOException {
    assertThat(plain.resolve(FILE)).doesNotExist();
    assertThat(Files.readString(plain.resolve(CARD)))
        .contains("ids of pairs from the data, and no text of it")
        .doesNotContain("example-pairs");
  }

  @Test
  void trainKeepsTheTextsOfAllPairsThatTheCardsName() throws IOException {
    Bundle read = Bundles.read(kept);
    assertThat(read.version()).isEqualTo(Bundles.read(plain).version());
    assertThat(ids(read)).isNotEmpty();
    assertThat(read.examplePairs())
        .extracting(ExamplePair::id)
        .containsExactlyElementsOf(ids(read));
    List<String> lines = Files.readAllLines(data);
    for (ExamplePair pair : read.examplePairs()) {
      JsonNode line = JsonMapper.shared().readTree(lines.get(Integer.parseInt(pair.id())));
      assertThat(pair)
          .isEqualTo(
              new ExamplePair(
                  line.path("id").asString(),
                  line.path("prompt").asString(),
                  line.path("chosen").asString(),
                  line.path("rejected").asString()));
    }
    assertThat(OUT.toString())
        .contains(
            "keeps texts of %1$d of the %1$d pairs that the cards name"
                .formatted(ids(read).size()));
  }

  @Test
  void theModelCardSaysThatTheBundleHoldsTexts() throws IOException {
    assertThat(Files.readString(kept.resolve(CARD)))
        .contains("This bundle passes on texts of the data")
        .contains("--keep-example-texts true")
        .doesNotContain("no text of it");
  }

  @Test
  void trainedAgainWithoutTheOptionABundleKeepsThemNoLonger() {
    train(bundle, "--keep-example-texts");
    assertThat(Bundles.read(bundle).examplePairs()).isNotEmpty();
    train(bundle);
    assertThat(Bundles.read(bundle).examplePairs()).isEmpty();
    assertThat(bundle.resolve(FILE)).doesNotExist();
  }

  @Test
  void evaluateAddsWhatTrainWouldHaveKept() throws IOException {
    String version = Bundles.read(bundle).version();
    assertThat(evaluate("--data", data.toString())).isZero();
    assertThat(Files.readString(bundle.resolve(FILE)))
        .isEqualTo(Files.readString(kept.resolve(FILE)));
    assertThat(Bundles.read(bundle).version()).isEqualTo(version);
    assertThat(err.toString())
        .contains(
            "wrote texts of %1$d of the %1$d pairs that the cards name"
                .formatted(ids(Bundles.read(bundle)).size()));
    assertThat(Files.readString(bundle.resolve(CARD)))
        .contains("This bundle passes on texts of the data")
        .doesNotContain("no text of it");
  }

  @Test
  void evaluateSaysHowManyItFound() throws IOException {
    Set<String> ids = ids(Bundles.read(bundle));
    String first = ids.iterator().next();
    Path one = own.resolve("one.jsonl");
    Files.writeString(one, Files.readAllLines(data).get(Integer.parseInt(first)));
    assertThat(evaluate("--data", "made=" + one)).isZero();
    assertThat(err.toString()).contains("wrote texts of 1 of the " + ids.size() + " pairs");
    assertThat(Bundles.read(bundle).examplePairs())
        .extracting(ExamplePair::id)
        .containsExactly(first);
  }

  @Test
  void dataOfAnotherNameIsNotTakenForTheBundlesOwnThoughItsIdsAreTheSame() {
    assertThat(evaluate("--data", "other=" + data)).isEqualTo(1);
    assertThat(err.toString())
        .contains("no text is written: the data holds texts of 0 of the")
        .contains("was trained on made")
        .contains("--data NAME=FILE");
    assertUntouched();
  }

  @Test
  void linesThatWereNotTrainedOnHoldNoExample() throws IOException {
    Path tested =
        Files.writeString(
            own.resolve("made.jsonl"), Files.readString(data).replace("train-users", "test-users"));
    assertThat(evaluate("--data", tested.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("no text is written");
    assertUntouched();
  }

  private void assertUntouched() {
    assertThat(Bundles.read(bundle).examplePairs()).isEmpty();
    assertThat(bundle.resolve(FILE)).doesNotExist();
    assertThat(bundle.resolve(CARD)).content().contains("no text of it");
  }

  @Test
  void aBundleWhoseCardsNameNoPairIsRefused() {
    bundle = TestBundles.randomBundle(own.resolve("random"), 2, 1);
    assertThat(evaluate("--data", data.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("name no pair");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--write-diagnostics --data x",
        "--comparisons --data x",
        "--unseen-contexts --data x",
        "--controlled",
        "--data x --whole y",
        "--whole y"
      })
  void itIsForItselfAloneAndTakesDataOnly(String options) {
    assertThat(evaluate(options.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains("--write-example-texts");
  }

  private static Set<String> ids(Bundle read) {
    return read.experts().stream()
        .map(ExpertCard::examples)
        .flatMap(List::stream)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static void train(Path out, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--data", data.toString(), "--out", out.toString()));
    arguments.addAll(List.of("--name", "made", "--dtype", "FP32", "--device", "CPU"));
    arguments.addAll(List.of("--experts", "3", "--epochs", "2"));
    arguments.addAll(List.of("--cache-dir", dir.resolve("cache").toString()));
    arguments.addAll(List.of(more));
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new TrainCommand(TinyModels::onClassPath))
            .setOut(new PrintWriter(OUT))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    assertThat(err.toString() + code).endsWith("0");
  }

  private int evaluate(String... more) {
    List<String> arguments = new ArrayList<>(List.of("--write-example-texts"));
    arguments.addAll(List.of("--bundle", bundle.toString()));
    arguments.addAll(List.of("--cache-dir", dir.resolve("cache").toString()));
    arguments.addAll(List.of(more));
    return new CommandLine(new EvaluateCommand())
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }
}
