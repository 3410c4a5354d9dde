package dev.palate.server.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * A real PostgreSQL server of our own, listening on a free loopback port, its data in {@code
 * dataDir/postgres}. It outlives nothing: the server stops with the application, the data stays.
 * What a killed application left behind, a running server or a stale pid file, is cleared at the
 * next start; a second application on the same directory is refused.
 */
final class EmbeddedDatabase implements AutoCloseable {

  private static final String DATABASE = "postgres";
  private static final String USER = "postgres";

  /** Crash recovery may have a long log to replay. */
  private static final Duration STARTUP_WAIT = Duration.ofMinutes(1);

  private final EmbeddedDirectory directory;
  private final EmbeddedPostgres server;

  private EmbeddedDatabase(EmbeddedDirectory directory, EmbeddedPostgres server) {
    this.directory = directory;
    this.server = server;
  }

  /**
   * @param dataDir created where absent
   * @throws IllegalStateException if the directory is in use or PostgreSQL does not start
   */
  static EmbeddedDatabase start(Path dataDir) {
    EmbeddedDirectory directory = EmbeddedDirectory.claim(dataDir);
    try {
      directory.clearLeftovers();
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(directory.binaries().toFile())
              .setDataDirectory(directory.postgres())
              .setCleanDataDirectory(false)
              // Spring closes this bean after its last user; a hook of the JVM would not wait
              .setRegisterShutdownHook(false)
              .setPGStartupWait(STARTUP_WAIT)
              .setLocaleConfig("locale", "C")
              // The library is made for tests: it passes -F (no fsync) and asynchronous commits.
              // An acknowledged label must survive a power cut; the later option wins.
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("listen_addresses", "localhost")
              .setServerConfig("unix_socket_directories", "")
              .setServerConfig("max_connections", "100")
              .start();
      directory.markReady();
      return new EmbeddedDatabase(directory, server);
    } catch (IOException | RuntimeException | ExceptionInInitializerError e) {
      directory.close();
      throw new IllegalStateException(
          "PostgreSQL did not start in '%s'; its log above says why. Set spring.datasource.url to use a server of your own"
              .formatted(directory.postgres()),
          e);
    }
  }

  JdbcConnectionDetails connectionDetails() {
    String url = "jdbc:postgresql://localhost:%d/%s".formatted(server.getPort(), DATABASE);
    return new JdbcConnectionDetails() {
      @Override
      public String getUsername() {
        return USER;
      }

      @Override
      public @Nullable String getPassword() {
        return null;
      }

      @Override
      public String getJdbcUrl() {
        return url;
      }
    };
  }

  /** Stops the server and gives the directory free. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      directory.close();
    }
  }
}
