package dev.palate.chaos;

import dev.palate.journey.ApiClient;
import dev.palate.journey.PalateProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One Palate of a {@link ChaosCluster}, behind a network of its own to the database. Its process
 * may be killed and started again, on another port each time, and from another jar.
 */
final class Replica implements AutoCloseable {

  private final Path dataDir;
  private final TcpProxy network;
  private final List<String> options;
  private Path jar;
  private volatile PalateProcess process;
  private volatile ApiClient client;

  /**
   * @param jar of some version of Palate
   */
  Replica(Path dataDir, int databasePort, List<String> options, Path jar) {
    this.jar = jar;
    this.dataDir = dataDir;
    this.network = TcpProxy.to(databasePort);
    this.options = options;
  }

  /** What it is started from from now on. */
  void changeTo(Path otherJar) {
    jar = otherJar;
  }

  /** Between this replica and the database. */
  TcpProxy network() {
    return network;
  }

  /** Returns when it is ready. */
  void start() {
    List<String> all = new ArrayList<>(options);
    all.add(
        "--spring.datasource.url=jdbc:postgresql://127.0.0.1:%d/postgres"
            .formatted(network.port()));
    all.add("--spring.datasource.username=postgres");
    String[] arguments = all.toArray(String[]::new);
    PalateProcess started =
        jar.equals(ChaosCluster.jar())
            ? PalateProcess.startPrepared(dataDir, arguments)
            : PalateProcess.startProgram(
                List.of("-Xmx512m", "-jar", jar.toString()), dataDir, arguments);
    ApiClient before = client;
    client = started.client();
    process = started;
    if (before != null) {
      before.close();
    }
  }

  /** Of the process that runs, or ran last. */
  ApiClient client() {
    return client;
  }

  int port() {
    return process.port();
  }

  String log() {
    return process.log();
  }

  /** {@code kill -9}. */
  void kill() {
    process.kill();
  }

  /** SIGTERM; returns when it has ended. */
  void terminate() {
    process.stop();
  }

  @Override
  public void close() {
    if (process != null) {
      // lost connections would hold up an orderly stop, and nothing is left to be kept
      process.kill();
      client.close();
    }
    network.close();
  }
}
