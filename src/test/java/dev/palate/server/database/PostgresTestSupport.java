package dev.palate.server.database;

import java.nio.file.Path;
import java.util.UUID;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL for a test's context, empty at its start: a container where Docker answers,
 * else a new database on one embedded server that the whole test run shares.
 */
@TestConfiguration(proxyBeanMethods = false)
public class PostgresTestSupport {

  @Bean
  @ServiceConnection
  @Conditional(DockerAnswers.class)
  PostgreSQLContainer postgres() {
    // Testcontainers' own command switches fsync off
    return new PostgreSQLContainer("postgres:18").withCommand("postgres", "-c", "fsync=on");
  }

  @Bean
  @Conditional(NoDocker.class)
  JdbcConnectionDetails embedded() {
    JdbcConnectionDetails server = SharedServer.INSTANCE.connectionDetails();
    String database = "test_" + UUID.randomUUID().toString().replace("-", "");
    jdbc(server).execute("create database " + database);
    String url = server.getJdbcUrl().replaceFirst("/postgres$", "/" + database);
    return new JdbcConnectionDetails() {
      @Override
      public String getUsername() {
        return String.valueOf(server.getUsername());
      }

      @Override
      public String getPassword() {
        return "";
      }

      @Override
      public String getJdbcUrl() {
        return url;
      }
    };
  }

  private static JdbcTemplate jdbc(JdbcConnectionDetails server) {
    return new JdbcTemplate(
        new DriverManagerDataSource(server.getJdbcUrl(), String.valueOf(server.getUsername()), ""));
  }

  /** Started by the first test that needs it, stopped with the JVM, behind all contexts. */
  private static final class SharedServer {
    static final EmbeddedDatabase INSTANCE = start();

    private static EmbeddedDatabase start() {
      EmbeddedDatabase database = EmbeddedDatabase.start(Path.of("target", "test-postgres"));
      JdbcTemplate jdbc = jdbc(database.connectionDetails());
      jdbc.queryForList(
              "select datname from pg_database where datname like 'test\\_%'", String.class)
          .forEach(earlier -> jdbc.execute("drop database " + earlier));
      // after the contexts, which would wait for it
      SpringApplication.getShutdownHandlers().add(database::close);
      return database;
    }
  }

  static class DockerAnswers implements Condition {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return DockerClientFactory.instance().isDockerAvailable();
    }
  }

  static final class NoDocker extends DockerAnswers {
    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
      return !super.matches(context, metadata);
    }
  }
}
