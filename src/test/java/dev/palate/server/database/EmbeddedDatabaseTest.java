package dev.palate.server.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.tier.NeedsPostgres;
import dev.palate.tier.NeedsProcess;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsPostgres
@NeedsProcess
class EmbeddedDatabaseTest {

  private static final String READY = "committed";

  @TempDir Path temp;
  private Path dataDir = Path.of("");

  @BeforeEach
  void choose() {
    dataDir = temp.resolve("data dir");
  }

  @Test
  void aRestartKeepsTheData() throws SQLException {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(dataDir)) {
      ask(database, "create table kept as select 42 as answer");
    }

    try (EmbeddedDatabase database = EmbeddedDatabase.start(dataDir)) {
      assertThat(ask(database, "select answer from kept")).isEqualTo("42");
    }
  }

  @Test
  void commitsReachTheDisk() throws SQLException {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(dataDir)) {
      assertThat(ask(database, "show fsync")).isEqualTo("on");
      assertThat(ask(database, "show synchronous_commit")).isEqualTo("on");
      assertThat(ask(database, "show full_page_writes")).isEqualTo("on");
    }
  }

  @Test
  void aSecondPalateOnTheSameDirectoryIsRefusedWithTheReason() {
    try (EmbeddedDatabase database = EmbeddedDatabase.start(dataDir)) {
      assertThat(database).isNotNull();
      assertThatThrownBy(() -> EmbeddedDatabase.start(dataDir))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Another Palate uses")
          .hasMessageContaining("palate.data-dir");
    }
  }

  @Test
  void theServerThatAKilledPalateLeftRunningIsStoppedAndItsDataKept() throws Exception {
    ProcessHandle server = leaveServerBehind();
    assertThat(server.isAlive()).isTrue();

    try (EmbeddedDatabase database = EmbeddedDatabase.start(dataDir)) {
      assertThat(ask(database, "select answer from kept")).isEqualTo("42");
    }
  }

  @Test
  void whatWasCommittedSurvivesTheKillingOfPalateAndServer() throws Exception {
    ProcessHandle server = leaveServerBehind();
    server.destroyForcibly();
    server.onExit().get(20, TimeUnit.SECONDS);

    try (EmbeddedDatabase database = EmbeddedDatabase.start(dataDir)) {
      assertThat(ask(database, "select answer from kept")).isEqualTo("42");
    }
  }

  @Test
  void aPidThatNowBelongsToAnotherProgramIsNoObstacle() throws Exception {
    EmbeddedDatabase.start(dataDir).close();
    Path pidFile = dataDir.resolve("postgres").resolve("postmaster.pid");
    Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");

    try (EmbeddedDatabase database = EmbeddedDatabase.start(dataDir)) {
      assertThat(ask(database, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void aFirstStartThatWasKilledHalfwayIsMadeAnew() throws Exception {
    Files.createDirectories(dataDir.resolve("postgres"));
    Files.writeString(dataDir.resolve("postgres").resolve("postgresql.conf"), "# half written");

    try (EmbeddedDatabase database = EmbeddedDatabase.start(dataDir)) {
      assertThat(ask(database, "select 1")).isEqualTo("1");
    }
  }

  /** Runs {@link #main} in a process of its own and kills that, which does not stop its server. */
  private ProcessHandle leaveServerBehind() throws Exception {
    Process palate =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedDatabaseTest.class.getName(),
                dataDir.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader output = palate.inputReader()) {
      String line = output.readLine();
      while (line != null && !line.equals(READY)) {
        line = output.readLine();
      }
      assertThat(line).isEqualTo(READY);
    } finally {
      palate.destroyForcibly();
      palate.onExit().get(20, TimeUnit.SECONDS);
    }
    Path pidFile = dataDir.toAbsolutePath().resolve("postgres").resolve("postmaster.pid");
    return ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).getFirst().strip()))
        .orElseThrow();
  }

  /** Commits a table, says so, and waits to be killed. */
  static void main(String[] args) throws Exception {
    EmbeddedDatabase database = EmbeddedDatabase.start(Path.of(args[0]));
    ask(database, "create table kept as select 42 as answer");
    System.out.println(READY);
    new CountDownLatch(1).await();
  }

  /** The first value of the first row; empty for a statement without rows. */
  private static String ask(EmbeddedDatabase database, String sql) throws SQLException {
    var details = database.connectionDetails();
    try (Connection connection =
            DriverManager.getConnection(details.getJdbcUrl(), details.getUsername(), "");
        Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet rows = statement.getResultSet()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }
}
