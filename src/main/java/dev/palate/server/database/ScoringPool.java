package dev.palate.server.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * A few connections for what a score asks of the database, and for nothing else: the bulkhead
 * between scoring and all that may hold connections for long (docs/adr/0014-scoring-pool.md).
 *
 * <p>Who scores has little time, so these give up early: on a connection that does not answer after
 * {@value #PATIENCE_MILLIS} ms, on a query after {@value #ANSWER_SECONDS} s. Each query is its own
 * transaction: one round trip.
 */
@Component
@Lazy
public class ScoringPool implements AutoCloseable {

  /** Hikari's least. */
  private static final int PATIENCE_MILLIS = 250;

  private static final int ANSWER_SECONDS = 2;

  private final HikariDataSource pool;

  /**
   * @param everything the pool of all others: the same server in the same way
   */
  ScoringPool(
      DataSource everything,
      MeterRegistry meters,
      @Value("${palate.database.scoring-connections:4}") int connections)
      throws java.sql.SQLException {
    HikariDataSource like = everything.unwrap(HikariDataSource.class);
    HikariConfig config = new HikariConfig();
    config.setPoolName("palate-scoring");
    config.setJdbcUrl(like.getJdbcUrl());
    config.setUsername(like.getUsername());
    config.setPassword(like.getPassword());
    Properties properties = new Properties();
    properties.putAll(like.getDataSourceProperties());
    properties.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS));
    config.setDataSourceProperties(properties);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(PATIENCE_MILLIS);
    config.setValidationTimeout(PATIENCE_MILLIS);
    config.setKeepaliveTime(Duration.ofMinutes(2).toMillis());
    config.setMaxLifetime(like.getMaxLifetime());
    config.setReadOnly(true);
    config.setInitializationFailTimeout(-1); // where there is no database, there are prior weights
    config.setMetricRegistry(meters);
    this.pool = new HikariDataSource(config);
  }

  public JdbcClient client() {
    return JdbcClient.create(pool);
  }

  @Override
  public void close() {
    pool.close();
  }
}
