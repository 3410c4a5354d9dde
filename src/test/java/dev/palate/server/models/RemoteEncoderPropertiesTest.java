package dev.palate.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.model.remote.RemoteEncoderSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RemoteEncoderPropertiesTest {
  private static final String PREFIX = "palate.model.remote-encoder";

  @TempDir private Path dir;

  @Test
  void withoutAUrlThereIsNone() {
    assertThat(bound(Map.of()).settings()).isNull();
    assertThat(bound(Map.of("url", "", "api-key", "", "api-key-file", "")).settings()).isNull();
  }

  @Test
  void theDefaultsAreThoseOfTheCommandLine() {
    RemoteEncoderSettings settings =
        Objects.requireNonNull(bound(Map.of("url", "http://h:1")).settings());
    assertThat(settings).isEqualTo(RemoteEncoderSettings.of(settings.url(), null));
  }

  @Test
  void theKeyMayBeInAFileAndIsShownNowhere() throws IOException {
    Path file = Files.writeString(dir.resolve("key"), "s3cret\n");
    RemoteEncoderProperties properties =
        bound(Map.of("url", "http://h:1", "api-key", "other", "api-key-file", file.toString()));
    RemoteEncoderSettings settings = Objects.requireNonNull(properties.settings());
    assertThat(settings.apiKey()).isEqualTo("s3cret");
    assertThat(properties + " " + settings).doesNotContain("s3cret", "other");
  }

  @Test
  void whatCannotBeUsedIsSaidByItsName() {
    refused(Map.of("url", "ftp://h"), "'url'");
    refused(Map.of("url", "http://h:1", "batch-size", "0"), "'batch-size'");
    refused(Map.of("url", "http://h:1", "max-concurrency", "0"), "'max-concurrency'");
    refused(Map.of("url", "http://h:1", "max-concurrency", "1025"), "'max-concurrency'");
    refused(Map.of("url", "http://h:1", "retries", "-1"), "'retries'");
    refused(Map.of("url", "http://h:1", "timeout", "0s"), "'timeout'");
    refused(
        Map.of("url", "http://h:1", "api-key-file", dir.resolve("no").toString()), "api-key-file");
  }

  @Test
  void aKeyOfSeveralWordsIsRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> bound(Map.of("url", "http://h:1", "api-key", "se cret")).settings())
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("'api-key'")
        .message()
        .doesNotContain("se cret");
  }

  private static void refused(Map<String, String> properties, String named) {
    assertThatThrownBy(() -> bound(properties).settings())
        .isInstanceOf(BundleException.class)
        .hasMessageContaining(named);
  }

  private static RemoteEncoderProperties bound(Map<String, String> properties) {
    MapConfigurationPropertySource source = new MapConfigurationPropertySource();
    properties.forEach((name, value) -> source.put(PREFIX + "." + name, value));
    return new Binder(source).bindOrCreate(PREFIX, RemoteEncoderProperties.class);
  }
}
