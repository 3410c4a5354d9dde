package dev.palate.core.model.remote;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the encoders of kind {@code remote} are served, and how they are asked. Never part of a
 * bundle.
 *
 * @param url of the server, to which {@code /v1/embeddings} is put; a {@code /v1} at its end may
 *     stand or be missing
 * @param apiKey sent as {@code Authorization: Bearer}; null: none
 * @param connectTimeout until a connection stands
 * @param timeout of one request, its answer read to the end
 * @param batchSize texts in one request
 * @param maxConcurrency requests at a time, whoever makes them
 * @param retries of a request that met 429, 502, 503, 504 or a broken connection
 */
public record RemoteEncoderSettings(
    URI url,
    @Nullable String apiKey,
    Duration connectTimeout,
    Duration timeout,
    int batchSize,
    int maxConcurrency,
    int retries) {

  public RemoteEncoderSettings {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    require(
        (scheme.equals("http") || scheme.equals("https")) && url.getHost() != null,
        "'url' must be http://HOST:PORT or https://HOST");
    require(
        url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null,
        "'url' must hold no user, query or fragment; a key has a setting of its own");
    apiKey = apiKey == null || apiKey.isBlank() ? null : apiKey.strip();
    require(
        apiKey == null || apiKey.chars().allMatch(c -> c > ' ' && c < 127),
        "'api-key' must be one word of ASCII");
    require(
        connectTimeout.isPositive() && timeout.isPositive(),
        "'connect-timeout' and 'timeout' must be positive");
    require(batchSize >= 1 && batchSize <= 2048, "'batch-size' must be 1 to 2048");
    require(maxConcurrency >= 1 && maxConcurrency <= 1024, "'max-concurrency' must be 1 to 1024");
    require(retries >= 0 && retries <= 10, "'retries' must be 0 to 10");
  }

  /** The defaults of {@code palate.model.remote-encoder.*}. */
  public static RemoteEncoderSettings of(URI url, @Nullable String apiKey) {
    return new RemoteEncoderSettings(
        url, apiKey, Duration.ofSeconds(2), Duration.ofSeconds(10), 32, 8, 3);
  }

  /** Where embeddings are asked for. */
  URI endpoint() {
    String base = url.toString().replaceAll("/+$", "");
    return URI.create((base.endsWith("/v1") ? base : base + "/v1") + "/embeddings");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "RemoteEncoderSettings[url=%s, connectTimeout=%s, timeout=%s, batchSize=%d, maxConcurrency=%d, retries=%d]"
        .formatted(url, connectTimeout, timeout, batchSize, maxConcurrency, retries);
  }
}
