package dev.palate.server.score;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/** The web side of the service on a fake model, without a database. */
// marks it as a test, which the whole application's component scan passes over
@ExtendWith(SpringExtension.class)
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(
    excludeName = {
      "com.github.kagkarlsson.scheduler.boot.autoconfigure.DbSchedulerAutoConfiguration",
      "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration",
      "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
      "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
    })
@ComponentScan(
    basePackages = {
      "dev.palate.server.web",
      "dev.palate.server.security",
      "dev.palate.server.database",
      "dev.palate.server.telemetry",
      "dev.palate.server.score"
    },
    excludeFilters =
        @ComponentScan.Filter(
            type = FilterType.REGEX,
            pattern = {
              "dev\\.palate\\.server\\.database\\.(Database|Embedded|Postgres).*",
              ".*Test\\$.*"
            }))
@ComponentScan(
    basePackages = "dev.palate.server.models",
    useDefaultFilters = false,
    includeFilters =
        @ComponentScan.Filter(
            type = FilterType.REGEX,
            pattern = ".*\\.Model(Controller|HealthIndicator|Begins)"))
public class WebTestConfiguration {

  @Bean
  FakeModel model() {
    return new FakeModel();
  }

  @Bean
  StartOrder startOrder(ConfigurableListableBeanFactory beans) {
    return new StartOrder(beans.containsSingleton("model"));
  }

  /**
   * A filter, which the web server needs before it opens its port.
   *
   * @param modelBeforeFilters whether the model was made before it
   */
  public record StartOrder(boolean modelBeforeFilters) implements Filter {
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      chain.doFilter(request, response);
    }
  }

  @Bean
  FakeWeights weights() {
    return new FakeWeights();
  }

  @Bean
  FakeChanges changes() {
    return new FakeChanges();
  }

  @Bean
  FaultyController faultyController() {
    return new FaultyController();
  }
}
