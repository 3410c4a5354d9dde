package dev.palate.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.tier.NeedsPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

@NeedsPostgres
class DatabaseChoiceTest {

  @TempDir Path dataDir;

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  DatabaseChoice.class,
                  DataSourceAutoConfiguration.class,
                  JdbcTemplateAutoConfiguration.class));

  @Test
  void withoutAUrlTheDataLiesInTheDataDirectory() {
    application
        .withPropertyValues("palate.data-dir=" + dataDir)
        .run(context ->
            assertThat(
                    context
                        .getBean(JdbcTemplate.class)
                        .queryForObject("show data_directory", String.class))
                .isEqualTo(dataDir.resolve("postgres").toString()));
    assertThat(dataDir.resolve("postgres").resolve("postmaster.pid"))
        .as("the server stops with the application")
        .doesNotExist();
  }

  @Test
  void withAUrlNoServerIsStarted() {
    application
        .withPropertyValues(
            "palate.data-dir=" + dataDir, "spring.datasource.url=jdbc:postgresql://db.example/x")
        .run(context -> {
          assertThat(context).doesNotHaveBean(EmbeddedDatabase.class);
          assertThat(context.getBean(JdbcConnectionDetails.class).getJdbcUrl())
              .isEqualTo("jdbc:postgresql://db.example/x");
        });
  }

  @Test
  void connectionDetailsGivenByATestComeFirst() {
    JdbcConnectionDetails given =
        new JdbcConnectionDetails() {
          @Override
          public String getUsername() {
            return "u";
          }

          @Override
          public String getPassword() {
            return "p";
          }

          @Override
          public String getJdbcUrl() {
            return "jdbc:postgresql://container/x";
          }
        };
    application
        .withBean(JdbcConnectionDetails.class, () -> given)
        .run(context -> assertThat(context).doesNotHaveBean(EmbeddedDatabase.class));
  }

  @Test
  void withoutADataSourceNothingIsStarted() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(DatabaseChoice.class))
        .withPropertyValues("palate.data-dir=" + dataDir)
        .run(context -> assertThat(Files.exists(dataDir.resolve("palate.lock"))).isFalse());
  }
}
