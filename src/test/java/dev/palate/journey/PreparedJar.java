package dev.palate.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * The jar as the image has it: unpacked, with an ahead-of-time cache of the JVM and the model
 * assembled. It is ready in a third of the time, and is made once a run, in {@code
 * target/prepared}.
 */
final class PreparedJar {

  /**
   * The first compiler alone, a simple heap and one thread of the engine: ready sooner, little
   * taken from what runs beside it, and speed is not what is tested.
   */
  private static final List<String> MACHINE =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Xmx512m",
          "-Dai.djl.pytorch.num_threads=1");

  private static @Nullable PreparedJar prepared;

  private final Path unpacked;
  private final Path cache;
  private final Path data;

  private PreparedJar(Path dir) {
    unpacked = dir.resolve("app").resolve("palate.jar");
    cache = dir.resolve("palate.aot");
    data = dir.resolve("data");
  }

  /** Of the jar under test. */
  static synchronized PreparedJar get() {
    if (prepared == null) {
      Path dir = Path.of("target", "prepared").toAbsolutePath();
      FileSystemUtils.deleteRecursively(dir.toFile());
      PreparedJar made = new PreparedJar(dir);
      made.make(dir);
      prepared = made;
    }
    return prepared;
  }

  private void make(Path dir) {
    try {
      Files.createDirectories(dir);
      Process extract =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Djarmode=tools",
                  "-jar",
                  System.getProperty("palate.jar"),
                  "extract",
                  "--destination",
                  dir.resolve("app").toString())
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve("extract.log").toFile())
              .start();
      if (extract.onExit().join().exitValue() != 0) {
        throw new IllegalStateException(Files.readString(dir.resolve("extract.log")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // what it loads while it starts and stops is what the cache holds
    PalateProcess.startProgram(program("-XX:AOTCacheOutput=" + cache), data).close();
    if (!Files.exists(cache)) {
      throw new IllegalStateException("The JVM left no cache at " + cache);
    }
  }

  /** Arguments of {@code java}. */
  List<String> program() {
    return program("-XX:AOTCache=" + cache);
  }

  private List<String> program(String ahead) {
    List<String> all = new ArrayList<>(MACHINE);
    all.addAll(List.of(ahead, "-jar", unpacked.toString()));
    return all;
  }

  /** So that a new data directory need not have the model and PostgreSQL's programs made again. */
  void furnish(Path dataDir) {
    for (String part : List.of("models", "postgres-binaries")) {
      Path given = dataDir.resolve(part);
      if (!Files.exists(given)) {
        try {
          FileSystemUtils.copyRecursively(data.resolve(part), given);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
