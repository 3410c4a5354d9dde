package dev.palate.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.springframework.util.FileSystemUtils;

/** Replicas of the packaged jar on one PostgreSQL, all in processes of their own, on loopback. */
final class ChaosCluster implements AutoCloseable {

  private final PostgresServer database;
  private final List<Replica> replicas;

  private ChaosCluster(PostgresServer database, List<Replica> replicas) {
    this.database = database;
    this.replicas = replicas;
  }

  /** The version under test. */
  static Path jar() {
    return Path.of(System.getProperty("palate.jar"));
  }

  /** Another version, which all replicas but the first are started from, where one is given. */
  static Optional<Path> otherJar() {
    return Optional.ofNullable(System.getProperty("palate.chaos.other-jar")).map(Path::of);
  }

  /**
   * Starts the database and the replicas, and waits until all are ready.
   *
   * @param name of the folder in {@code target/chaos} that data and logs are left in
   */
  static ChaosCluster start(String name, int replicas, String... options) {
    Path dir = Path.of("target", "chaos", name).toAbsolutePath();
    FileSystemUtils.deleteRecursively(dir.toFile());
    if (!dir.toFile().mkdirs()) {
      throw new IllegalStateException("Cannot make " + dir);
    }
    PostgresServer database = PostgresServer.start(dir);
    List<Replica> all = new ArrayList<>();
    for (int i = 0; i < replicas; i++) {
      Path jar = i == 0 ? jar() : otherJar().orElse(jar());
      all.add(new Replica(dir.resolve("replica-" + i), database.port(), List.of(options), jar));
    }
    ChaosCluster cluster = new ChaosCluster(database, all);
    try (var starts = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture.allOf(
              all.stream()
                  .map(replica -> CompletableFuture.runAsync(replica::start, starts))
                  .toArray(CompletableFuture[]::new))
          .join();
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  PostgresServer database() {
    return database;
  }

  Replica replica(int i) {
    return replicas.get(i);
  }

  int size() {
    return replicas.size();
  }

  @Override
  public void close() {
    replicas.forEach(Replica::close);
    database.close();
  }
}
