package dev.palate.server.models;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.model.remote.RemoteEncoderSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code palate.model.remote-encoder.*}.
 *
 * @param url of a server of {@code /v1/embeddings}, for bundles whose encoder is remote
 * @param apiKey sent to it as a bearer token
 * @param apiKeyFile a file that holds the key, in place of it
 * @param connectTimeout until a connection stands
 * @param timeout of one request
 * @param batchSize texts in one request
 * @param maxConcurrency requests at a time
 * @param retries of a request that met 429, 502, 503, 504 or a broken connection
 */
@ConfigurationProperties("palate.model.remote-encoder")
record RemoteEncoderProperties(
    @Nullable URI url,
    @Nullable String apiKey,
    @Nullable Path apiKeyFile,
    @DefaultValue("2s") Duration connectTimeout,
    @DefaultValue("10s") Duration timeout,
    @DefaultValue("32") int batchSize,
    @DefaultValue("8") int maxConcurrency,
    @DefaultValue("3") int retries) {

  /**
   * Null where no URL is set.
   *
   * @throws BundleException where they cannot be used
   */
  @Nullable RemoteEncoderSettings settings() {
    if (url == null || url.toString().isBlank()) {
      return null;
    }
    try {
      return new RemoteEncoderSettings(
          url, key(), connectTimeout, timeout, batchSize, maxConcurrency, retries);
    } catch (IllegalArgumentException e) {
      throw new BundleException("palate.model.remote-encoder: " + e.getMessage() + ".", e);
    }
  }

  private @Nullable String key() {
    if (apiKeyFile == null || apiKeyFile.toString().isEmpty()) {
      return apiKey;
    }
    try {
      return Files.readString(apiKeyFile);
    } catch (IOException e) {
      throw new BundleException(
          "palate.model.remote-encoder.api-key-file %s cannot be read. Check the path and its permissions."
              .formatted(apiKeyFile),
          e);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "RemoteEncoderProperties[url=" + url + "]";
  }
}
