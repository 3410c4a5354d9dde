package dev.palate.journey;

import dev.palate.lab.bundling.LargeDataRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million pairs in a heap of 2 GB, from file to bundle. {@code mvn -Pbench verify} runs it. */
class LargeDataBench {

  private static final int PAIRS = 1_000_000;
  private static final int CHARACTERS = 300;

  @TempDir Path temp;

  @Test
  void aMillionPairsTrainInTwoGigabytes() throws IOException, InterruptedException {
    Map<String, String> measured = run();
    BenchmarkReport.section(
        "A million pairs in a 2 GB heap",
        String.format(
            Locale.ROOT,
            """
            %,d made pairs in JSON Lines of %s MB, every response %d characters long and like no other; embeddings of 32 numbers drawn by hash in
            place of the encoder; one epoch at the default settings, then calibration, prior, cards and quality; `-Xmx2g`.

            | | |
            |---|---|
            | read and split | %s s |
            | hash, draw and write embeddings | %s s |
            | train, calibrate, judge | %s s |
            | heap in use after a collection, at most | %s MB |
            """,
            PAIRS,
            measured.get("megabytes"),
            CHARACTERS,
            measured.get("read"),
            measured.get("encode"),
            measured.get("train"),
            measured.get("heap")));
  }

  private Map<String, String> run() throws IOException, InterruptedException {
    Path log = temp.resolve("log");
    Process run =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx2g",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LargeDataRun.class.getName(),
                    temp.toString(),
                    Integer.toString(PAIRS),
                    Integer.toString(CHARACTERS)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int exit = run.waitFor();
    String output = Files.readString(log);
    if (exit != 0) {
      throw new AssertionError("the run ended with " + exit + ":\n" + output);
    }
    Map<String, String> measured = new HashMap<>();
    output
        .lines()
        .map(line -> line.split(" ", 2))
        .filter(words -> words.length == 2)
        .forEach(words -> measured.put(words[0], words[1]));
    if (!measured.getOrDefault("pairs", "").equals(Integer.toString(PAIRS))) {
      throw new AssertionError("not all pairs were used:\n" + output);
    }
    return measured;
  }
}
