package dev.palate.server.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data directory of the embedded server, held by one application at a time. The operating
 * system drops the lock with the process, however that ends: whoever holds it may take what it
 * finds for leftovers.
 */
final class EmbeddedDirectory implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDirectory.class);
  private static final long STOP_SECONDS = 20;

  private final Path root;
  private final FileChannel lock;

  private EmbeddedDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * @throws IllegalStateException if another application holds the directory
   */
  static EmbeddedDirectory claim(Path dataDir) {
    Path root = dataDir.toAbsolutePath().normalize();
    try {
      Files.createDirectories(root);
      FileChannel channel =
          FileChannel.open(
              root.resolve("palate.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new IllegalStateException(
            "Another Palate uses the data directory '%s': stop it, or choose another with palate.data-dir"
                .formatted(root));
      }
      return new EmbeddedDirectory(root, channel);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot use the data directory '%s'".formatted(root), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by another application context of this very JVM
    }
  }

  Path postgres() {
    return root.resolve("postgres");
  }

  /** Where the server's programs are unpacked. */
  Path binaries() {
    return root.resolve("postgres-binaries");
  }

  /** After this, {@link #postgres} is absent or a whole cluster without a server. */
  void clearLeftovers() throws IOException {
    Path pidFile = postgres().resolve("postmaster.pid");
    if (Files.exists(pidFile)) {
      recordedServer(pidFile).ifPresent(this::stop);
      Files.deleteIfExists(pidFile);
    }
    if (Files.exists(postgres()) && !Files.exists(ready())) {
      // Killed within its very first start: never held a row, and would never start again
      Path aside = Files.createTempDirectory(root, "postgres-incomplete-");
      Files.move(postgres(), aside.resolve("postgres"));
      LOG.warn("Moved an incomplete PostgreSQL data directory aside: {}", aside);
    }
  }

  /** Called once the server answered: from now on the cluster is kept whatever happens. */
  void markReady() throws IOException {
    if (!Files.exists(ready())) {
      Files.createFile(ready());
    }
  }

  private Path ready() {
    return postgres().resolve("palate.ready");
  }

  /** The live server the pid file speaks of; a pid used anew by some other process is not it. */
  private Optional<ProcessHandle> recordedServer(Path pidFile) throws IOException {
    String first = Files.readString(pidFile).lines().findFirst().orElse("").strip();
    if (!first.matches("[0-9]{1,10}")) {
      return Optional.empty();
    }
    return ProcessHandle.of(Long.parseLong(first)).filter(this::isServerOfThisDirectory);
  }

  private boolean isServerOfThisDirectory(ProcessHandle process) {
    String program = process.info().command().orElse("");
    String[] arguments = process.info().arguments().orElse(new String[0]);
    return Path.of(program).getFileName() != null
        && program.contains("postgres")
        && Arrays.asList(arguments).contains(postgres().toString());
  }

  private void stop(ProcessHandle server) {
    LOG.warn("Stopping the PostgreSQL server (pid {}) a killed Palate left behind", server.pid());
    // A request to end, not a kill: with its clients gone the server checkpoints and goes
    server.destroy();
    try {
      server.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException(
          "A PostgreSQL server (pid %d) still runs in '%s' and does not stop: end it first"
              .formatted(server.pid(), postgres()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while stopping PostgreSQL", e);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
