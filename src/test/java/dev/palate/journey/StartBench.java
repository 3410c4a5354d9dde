package dev.palate.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From the command to {@code /readyz}: the jar in an empty data directory, again in the same one,
 * and again unpacked, with and without an ahead-of-time cache of the JVM. {@code mvn -Pbench verify
 * -Dit.test=StartBench} writes docs/benchmarks.md.
 */
class StartBench {

  private static final int ROUNDS = 5;

  @TempDir Path temp;

  private final Map<String, double[]> seconds = new LinkedHashMap<>();

  @Test
  void timeToReady() throws Exception {
    String jar = System.getProperty("palate.jar");
    Path app = temp.resolve("app");
    java("-Djarmode=tools", "-jar", jar, "extract", "--destination", app.toString());
    String unpacked = app.resolve("palate.jar").toString();
    Path cache = cache(unpacked, "first", List.of("-XX:TieredStopAtLevel=1"));
    Path profiled = cache(unpacked, "both", List.of());

    for (int round = 0; round < ROUNDS; round++) {
      Path data = temp.resolve("data-" + round);
      time("`java -jar palate.jar`, empty data directory", round, data, "-jar", jar);
      time("`java -jar palate.jar` again", round, data, "-jar", jar);
      time("unpacked", round, data, "-jar", unpacked);
      time("unpacked, `-XX:AOTCache`", round, data, "-XX:AOTCache=" + cache, "-jar", unpacked);
      time(
          "the same, its cache made with both compilers",
          round,
          data,
          "-XX:AOTCache=" + profiled,
          "-jar",
          unpacked);
    }
    BenchmarkReport.section("Start", report());
  }

  /** What it loads while it starts and stops is what the cache holds. */
  private Path cache(String unpacked, String name, List<String> options) {
    Path cache = temp.resolve(name + ".aot");
    List<String> program = new ArrayList<>(options);
    program.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-jar", unpacked));
    PalateProcess.startProgram(program, temp.resolve("training-" + name)).close();
    assertThat(cache).exists();
    return cache;
  }

  private void time(String kind, int round, Path data, String... program) {
    long start = System.nanoTime();
    try (PalateProcess _ = PalateProcess.startProgram(List.of(program), data)) {
      seconds.computeIfAbsent(kind, name -> new double[ROUNDS])[round] =
          (System.nanoTime() - start) / 1e9;
    }
  }

  private static void java(String... arguments) throws IOException, InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  private String report() {
    StringBuilder report =
        new StringBuilder(
            """
            From the command to 200 from `/readyz`, embedded PostgreSQL and model included, medians of %d rounds in which all start in turn. The first start of a
            round makes its database and assembles the model; the natives of the engine are unpacked already. Unpacked: `java -Djarmode=tools -jar palate.jar
            extract`; the cache is made by one start with `-XX:TieredStopAtLevel=1 -XX:AOTCacheOutput=palate.aot`. Goal: 8 s
            once warm.

            | | to the jar's second start | seconds | range |
            |---|---|---|---|
            """
                .formatted(ROUNDS));
    double warm = median(seconds.get("`java -jar palate.jar` again"));
    seconds.forEach((kind, times) ->
        report.append(
            String.format(
                Locale.ROOT,
                "| %s | %.2f | %.1f | %.1f to %.1f |\n",
                kind,
                median(times) / warm,
                median(times),
                Arrays.stream(times).min().orElseThrow(),
                Arrays.stream(times).max().orElseThrow())));
    return report.toString();
  }

  private static double median(double[] values) {
    return Arrays.stream(values).sorted().skip(values.length / 2).findFirst().orElseThrow();
  }
}
