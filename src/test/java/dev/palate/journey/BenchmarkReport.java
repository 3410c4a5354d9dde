package dev.palate.journey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** docs/benchmarks.md, one section a benchmark; running one again replaces its section. */
public final class BenchmarkReport {

  private static final Path FILE = Path.of("docs", "benchmarks.md");
  private static final String TITLE =
      """
      # Benchmarks

      Written by `mvn -Pbench verify`. Absolute times are of the machine named in each section.

      """;

  private BenchmarkReport() {}

  public static void section(String name, String body) throws IOException {
    String text = Files.exists(FILE) ? Files.readString(FILE) : TITLE;
    String heading = "## " + name + "\n";
    int from = text.indexOf(heading);
    if (from >= 0) {
      int to = text.indexOf("\n## ", from);
      text = text.substring(0, from) + (to < 0 ? "" : text.substring(to + 1));
    }
    Files.writeString(
        FILE, text.stripTrailing() + "\n\n" + heading + "\n" + machine() + "\n\n" + body);
  }

  private static String machine() throws IOException {
    Path cpu = Path.of("/proc/cpuinfo");
    String model =
        Files.exists(cpu)
            ? Files.readAllLines(cpu).stream()
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse("unknown processor")
            : System.getProperty("os.arch");
    return "Machine: %s, %d processors, %s, Java %s."
        .formatted(
            model,
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name"),
            Runtime.version().feature());
  }
}
