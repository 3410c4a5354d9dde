package dev.palate.journey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The embedded PostgreSQL of a {@link PalateProcess}, past the service: to fill and to measure. */
final class BenchDatabase implements AutoCloseable {

  private static final int PORT_LINE = 3; // of postmaster.pid, from 0

  private final String server;
  private final Connection connection;

  private BenchDatabase(String server) throws SQLException {
    this.server = server;
    this.connection = DriverManager.getConnection(server + "postgres", "postgres", "");
  }

  /**
   * @param dataDir the one the process was started with
   */
  static BenchDatabase of(Path dataDir) throws IOException, SQLException {
    String port =
        Files.readAllLines(dataDir.resolve("postgres").resolve("postmaster.pid")).get(PORT_LINE);
    return new BenchDatabase("jdbc:postgresql://localhost:" + port.strip() + "/");
  }

  /** The URL of a new, empty database of the same server. */
  String create(String database) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      sql.execute("create database " + database);
    }
    return server + database;
  }

  /** Users {@code <prefix><i>}, i from 1 to count, each with weights for a model. */
  void addUsers(String prefix, int count, int k, String modelVersion) throws SQLException {
    try (Statement sql = connection.createStatement()) {
      // no reports of changes: nobody holds what is new
      sql.execute("set session_replication_role = replica");
      sql.execute(
          """
          insert into users (id, incarnation) select '%1$s' || i, gen_random_uuid() from generate_series(1, %2$d) i;
          insert into expert_weights
            (user_id, model_version, version, shift, uncertainty, significant, agreement, solved_seq, labels)
          select '%1$s' || i, '%4$s', 1, array_fill(.1::real, array[%3$d]), array_fill(.1::real, array[%3$d]),
            array_fill(true, array[%3$d]), 1, 0, 0 from generate_series(1, %2$d) i;
          """
              .formatted(prefix, count, k, modelVersion));
      sql.execute("set session_replication_role = origin");
      sql.execute("vacuum analyze users");
      sql.execute("vacuum analyze expert_weights");
    }
  }

  /** Bytes of the tables with their indexes. */
  long bytes(String... tables) throws SQLException {
    long bytes = 0;
    for (String table : tables) {
      bytes += number("select pg_total_relation_size('%s')".formatted(table));
    }
    return bytes;
  }

  long rows(String table) throws SQLException {
    return number("select count(*) from " + table);
  }

  /** Users whose weights are to be solved. */
  long waitingJobs() throws SQLException {
    return number("select count(*) from scheduled_tasks where task_name = 'adapt'");
  }

  /** The only number of the only row. */
  long number(String query) throws SQLException {
    try (Statement sql = connection.createStatement();
        ResultSet rows = sql.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
