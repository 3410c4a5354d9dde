package dev.palate.server.database;

import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Lazy;

/**
 * Which PostgreSQL: the server of {@code spring.datasource.url}, or one of our own inside {@code
 * palate.data-dir}. An auto-configuration, so that it stands back before connection details given
 * by a test's container. Lazy: without a data source nothing is started.
 */
@AutoConfiguration(
    before = DataSourceAutoConfiguration.class,
    afterName =
        "org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration")
@ConditionalOnMissingBean(JdbcConnectionDetails.class)
@Conditional(DatabaseChoice.NoUrl.class)
public class DatabaseChoice {

  @Bean
  @Lazy
  EmbeddedDatabase embeddedDatabase(@Value("${palate.data-dir:.palate}") Path dataDir) {
    return EmbeddedDatabase.start(dataDir);
  }

  @Bean
  @Lazy
  JdbcConnectionDetails embeddedConnectionDetails(EmbeddedDatabase database) {
    return database.connectionDetails();
  }

  static final class NoUrl extends NoneNestedConditions {
    NoUrl() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnProperty("spring.datasource.url")
    static final class Url {}
  }
}
