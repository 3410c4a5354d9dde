package dev.palate.server.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/** Which settings the service starts with. */
class RetentionSettingsTest {

  private static final String TEXTS = "palate.retention.label-texts=";

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner().withUserConfiguration(Settings.class);

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(RetentionSettings.class)
  static class Settings {}

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1d", "59m", "90", "36501d", "a while"})
  void aTimeThatCannotBeMeantEndsTheStartAndNamesTheProperty(String time) {
    runner
        .withPropertyValues(TEXTS + time)
        .run(context ->
            assertThat(context).getFailure().hasStackTraceContaining("palate.retention"));
  }

  @Test
  void aNumberAloneIsSaidToBeMilliseconds() {
    runner
        .withPropertyValues(TEXTS + "90")
        .run(context ->
            assertThat(context)
                .getFailure()
                .hasRootCauseMessage(
                    "'palate.retention.label-texts' must be 1h to 36500d (a number alone is"
                        + " milliseconds), was PT0.09S"));
  }

  @Test
  void fromAnHourOnItIsTaken() {
    runner
        .withPropertyValues(TEXTS + "1h")
        .run(context ->
            assertThat(context.getBean(RetentionSettings.class).labelTexts())
                .isEqualTo(Duration.ofHours(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "palate.retention.label-texts="})
  void unsetTextsAreKeptForEver(String property) {
    runner
        .withPropertyValues(property.isEmpty() ? new String[0] : new String[] {property})
        .run(context -> assertThat(context.getBean(RetentionSettings.class).labelTexts()).isNull());
  }
}
