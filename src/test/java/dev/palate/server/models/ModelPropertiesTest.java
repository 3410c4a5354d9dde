package dev.palate.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.server.models.RewardConfiguration.ModelProperties;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** {@code palate.model.*}. */
class ModelPropertiesTest {

  @Test
  void unsetTheQueueIsBoundedInTokensAndTime() {
    ModelProperties unset = bind(Map.of());

    assertThat(unset.queueTokens()).isEqualTo(262_144);
    assertThat(unset.queueTime()).isEqualTo(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @CsvSource({
    "threads, -1, 'palate.model.threads'",
    "batch-tokens, 0, 'palate.model.batch-tokens'",
    "queue-tokens, 0, 'palate.model.queue-tokens'",
    "queue-time, 0s, 'palate.model.queue-time'",
    "queue-time, -1s, 'palate.model.queue-time'",
    "queue-time, soon, palate.model.queue-time",
    "cache-bytes, -1B, 'palate.model.cache-bytes'",
    "device, tpu, palate.model.device",
    "dtype, fp8, palate.model.dtype",
  })
  void whatCannotBeIsRefusedByItsName(String property, String value, String named) {
    assertThatThrownBy(() -> bind(Map.of("palate.model." + property, value)))
        .satisfies(thrown -> assertThat(messages(thrown)).contains(named));
  }

  private static ModelProperties bind(Map<String, String> properties) {
    return new Binder(new MapConfigurationPropertySource(properties))
        .bindOrCreate("palate.model", ModelProperties.class);
  }

  private static String messages(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown.getMessage() + (cause == null ? "" : " " + messages(cause));
  }
}
