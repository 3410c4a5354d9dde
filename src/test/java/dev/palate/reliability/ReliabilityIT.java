package dev.palate.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs after all other tests of {@code mvn verify}: each promise's tests ran in this build, and
 * held. {@code mvn verify -Dpalate.reliability.write=true} writes docs/reliability.md, with the
 * figures of that run; without it the committed table must name the same promises and tests.
 */
@Tag("reliability")
class ReliabilityIT {

  private static final Path TABLE = Path.of("docs", "reliability.md");
  private static final Path FIGURES = Path.of("target", "reliability");
  private static final Path UNIT = Path.of("target", "surefire-reports");
  private static final Path INTEGRATION = Path.of("target", "failsafe-reports");

  private static Ran ranInThisBuild() {
    assumeThat(System.getProperty("palate.only", ""))
        .as("the whole suite ran, not -Dtest=")
        .isIn("", "${test}");
    return Ran.of(UNIT, INTEGRATION);
  }

  @Test
  void everyPromisesTestsRanAndHeld() {
    Ran ran = ranInThisBuild();
    List<String> faults = new ArrayList<>();
    for (Promise promise : Promises.ALL) {
      for (String test : promise.tests()) {
        List<Boolean> results = ran.of(test);
        if (results.isEmpty()) {
          faults.add("%d: %s did not run".formatted(promise.number(), test));
        } else if (results.contains(false)) {
          faults.add("%d: %s failed or was skipped".formatted(promise.number(), test));
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  /** Were {@link LogGuard} not called, or told of nothing that is sent, nothing else would fail. */
  @Test
  void theLogsOfAllTestsWereRead() {
    ranInThisBuild();
    assertThat(
            figures()
                .filter(line -> line.path("test").asString().startsWith("LogGuard"))
                .map(line -> line.path("what").asString()))
        .contains("log of unit tests", "log of integration tests and their services");
  }

  @Test
  void thereAreTwentySevenEachOnce() {
    assertThat(Promises.ALL.stream().map(Promise::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 27).boxed().toList());
  }

  @Test
  void theTableIsOfThisList() throws IOException {
    Ran ran = ranInThisBuild();
    if (Boolean.getBoolean("palate.reliability.write")) {
      Files.writeString(TABLE, page(ran));
    }
    List<String> rows =
        Files.readAllLines(TABLE).stream().filter(line -> line.matches("\\| \\d+ \\|.*")).toList();
    assertThat(rows.stream().map(ReliabilityIT::withoutFigure))
        .containsExactlyElementsOf(
            Promises.ALL.stream().map(p -> withoutFigure(row(p, ran))).toList());
  }

  /** A row up to its last cell, which differs from run to run. */
  private static String withoutFigure(String row) {
    return row.substring(0, row.lastIndexOf('|', row.length() - 3));
  }

  private static String page(Ran ran) {
    String rows = Promises.ALL.stream().map(p -> row(p, ran)).collect(Collectors.joining("\n"));
    return """
    # What Palate promises, and the test that shows each

    Made by `mvn verify -Pfull -Dpalate.reliability.write=true`; each build with `-Pfull` checks that these tests ran and held. Figures are of the run that wrote
    this page, on %d processors. `-Dpalate.chaos=full` runs the long forms (1,000 users by 20 labels, a minute of overload), `-Dpalate.fuzz.requests=` more of the fuzz.

    | | promise | shown by | what came out |
    |---|---|---|---|
    %s
    """
        .formatted(Runtime.getRuntime().availableProcessors(), rows);
  }

  private static String row(Promise promise, Ran ran) {
    String tests =
        promise.tests().stream().map(test -> "`" + test + "`").collect(Collectors.joining(", "));
    String text =
        promise.open().isEmpty()
            ? promise.text()
            : promise.text() + ". **Not shown: " + promise.open() + "**";
    return "| %d | %s | %s | %s |".formatted(promise.number(), text, tests, figure(promise, ran));
  }

  private static String figure(Promise promise, Ran ran) {
    String recorded =
        figures()
            .filter(line -> line.path("promise").asInt() == promise.number())
            .collect(
                Collectors.toMap(
                    line -> line.path("what").asString(),
                    line -> line.path("figure").asString(),
                    (before, last) -> last,
                    TreeMap::new))
            .entrySet()
            .stream()
            .map(line -> line.getKey() + ": " + line.getValue())
            .collect(Collectors.joining("; "));
    long held =
        promise.tests().stream().flatMap(test -> ran.of(test).stream()).filter(ok -> ok).count();
    return recorded.isEmpty()
        ? String.format(Locale.ROOT, "%,d tests held", held)
        : recorded.replace("|", "/");
  }

  private static Stream<JsonNode> figures() {
    if (!Files.isDirectory(FIGURES)) {
      return Stream.of();
    }
    try (Stream<Path> files = Files.list(FIGURES)) {
      List<JsonNode> lines = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        for (String line : Files.readAllLines(file)) {
          lines.add(JsonMapper.shared().readTree(line));
        }
      }
      return lines.stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
