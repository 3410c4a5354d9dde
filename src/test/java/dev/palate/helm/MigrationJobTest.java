package dev.palate.helm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.palate.server.database.PostgresTestSupport;
import dev.palate.tier.NeedsPostgres;
import dev.palate.tier.NeedsProcess;
import io.kubernetes.client.openapi.models.V1Job;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What the chart's job runs, run as the job runs it: a process with the database's variables. */
@SpringBootTest(classes = PostgresTestSupport.class)
@ImportAutoConfiguration(ServiceConnectionAutoConfiguration.class)
@NeedsPostgres
@NeedsProcess
class MigrationJobTest {

  private final JdbcConnectionDetails database;

  MigrationJobTest(@Autowired JdbcConnectionDetails database) {
    this.database = database;
  }

  @Test
  void theJobsArgumentsMakeTheTablesInAnEmptyDatabase() throws Exception {
    V1Job job = Chart.rendered(Values.MATRIX.get("migration by a job")).one(V1Job.class);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.palate.PalateApplication"));
    command.addAll(job.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPRING_DATASOURCE_URL", database.getJdbcUrl());
    builder.environment().put("SPRING_DATASOURCE_USERNAME", String.valueOf(database.getUsername()));
    builder.environment().put("SPRING_DATASOURCE_PASSWORD", String.valueOf(database.getPassword()));

    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    JdbcTemplate jdbc =
        new JdbcTemplate(
            new DriverManagerDataSource(
                database.getJdbcUrl(),
                String.valueOf(database.getUsername()),
                String.valueOf(database.getPassword())));
    assertThat(
            jdbc.queryForObject(
                "select count(*) from flyway_schema_history where success", Integer.class))
        .isGreaterThanOrEqualTo(4);
    assertThat(jdbc.queryForObject("select count(*) from label", Integer.class)).isZero();
  }
}
