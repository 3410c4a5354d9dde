package dev.palate.journey;

import static org.awaitility.Awaitility.await;

import dev.palate.reliability.LogGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code java -jar target/palate.jar} as an operator runs it, in a process of its own. */
public final class PalateProcess implements AutoCloseable {

  private final Process process;
  private final int port;
  private final Path log;

  private PalateProcess(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * Starts the jar on a free port with its data below {@code dataDir} and waits until it is ready.
   */
  static PalateProcess start(Path dataDir, String... options) {
    PalateProcess palate = launch(dataDir, options);
    palate.awaitReady();
    return palate;
  }

  /** As {@link #start}, from the {@link PreparedJar}. */
  public static PalateProcess startPrepared(Path dataDir, String... options) {
    PalateProcess palate = launchPrepared(dataDir, options);
    palate.awaitReady();
    return palate;
  }

  /** As {@link #start}, with more classes beside the jar. */
  static PalateProcess startWith(Path classes, Path dataDir, String... options) {
    return startProgram(
        List.of(
            "-Dloader.path=" + classes,
            "-cp",
            System.getProperty("palate.jar"),
            "org.springframework.boot.loader.launch.PropertiesLauncher"),
        dataDir,
        options);
  }

  /** As {@link #start}, with other arguments of {@code java} than {@code -jar palate.jar}. */
  public static PalateProcess startProgram(List<String> program, Path dataDir, String... options) {
    PalateProcess palate = launch(program, dataDir, options);
    palate.awaitReady();
    return palate;
  }

  /** As {@link #start}, with a heap of no more than this. */
  static PalateProcess startWithin(int heapMebibytes, Path dataDir, String... options) {
    PalateProcess palate =
        launch(
            List.of("-Xmx" + heapMebibytes + "m", "-jar", System.getProperty("palate.jar")),
            dataDir,
            options);
    palate.awaitReady();
    return palate;
  }

  static PalateProcess launch(Path dataDir, String... options) {
    return launch(List.of("-jar", System.getProperty("palate.jar")), dataDir, options);
  }

  static PalateProcess launchPrepared(Path dataDir, String... options) {
    PreparedJar prepared = PreparedJar.get();
    prepared.furnish(dataDir);
    return launch(prepared.program(), dataDir, options);
  }

  private static PalateProcess launch(List<String> program, Path dataDir, String... options) {
    int port = freePort();
    Path log = dataDir.resolveSibling(dataDir.getFileName() + "-" + port + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(program);
    command.add("--server.port=" + port);
    command.add("--palate.data-dir=" + dataDir);
    command.addAll(List.of(options));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new PalateProcess(process, port, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ApiClient client() {
    return new ApiClient(port);
  }

  public int port() {
    return port;
  }

  /** Processor time it has used. */
  Duration cpu() {
    return process.toHandle().info().totalCpuDuration().orElseThrow();
  }

  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Heap and native memory it holds, in MiB; -1 where the system does not tell. */
  long residentMebibytes() {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(-1);
    } catch (IOException e) {
      return -1;
    }
  }

  /** {@code kill -9}: no shutdown hook runs. */
  public void kill() {
    process.destroyForcibly();
    ended();
  }

  /** {@code kill}: an orderly stop. */
  public void stop() {
    process.destroy();
    ended();
  }

  private void ended() {
    process.onExit().join();
    log().lines().filter(line -> !line.startsWith("curl ")).forEach(LogGuard::check);
  }

  int exitCode() {
    return process.onExit().join().exitValue();
  }

  @Override
  public void close() {
    stop();
  }

  private void awaitReady() {
    try (ApiClient client = client()) {
      await()
          .atMost(Duration.ofSeconds(120))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> isReady(client));
    } catch (RuntimeException e) {
      kill();
      throw new IllegalStateException("Palate did not become ready. Its log:\n" + log(), e);
    }
  }

  private boolean isReady(ApiClient client) {
    if (!process.isAlive()) {
      throw new IllegalStateException("Palate ended with exit code " + process.exitValue());
    }
    try {
      return client.get("/readyz").status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
