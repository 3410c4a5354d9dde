package dev.palate.lab.bundling;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.model.remote.RemoteEncoderSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say where a remote encoder is served. The key is never typed. */
public final class RemoteEncoderOptions {

  @Option(
      names = "--encoder-url",
      defaultValue = "${env:PALATE_ENCODER_URL}",
      paramLabel = "URL",
      description =
          "A server of /v1/embeddings, for remote encoders (default: PALATE_ENCODER_URL). Its key is read"
              + " from PALATE_ENCODER_API_KEY.")
  private @Nullable URI url;

  @Option(
      names = "--encoder-api-key-file",
      defaultValue = "${env:PALATE_ENCODER_API_KEY_FILE}",
      paramLabel = "FILE",
      description = "The key of --encoder-url, in place of PALATE_ENCODER_API_KEY.")
  private @Nullable Path keyFile;

  @Option(
      names = "--encoder-timeout",
      defaultValue = "120",
      paramLabel = "SECONDS",
      description =
          "How long --encoder-url may take for one request (default: ${DEFAULT-VALUE}): here nobody waits"
              + " for it.")
  private int timeout;

  @Option(
      names = "--encoder-batch-size",
      defaultValue = "32",
      paramLabel = "TEXTS",
      description = "Of one request to --encoder-url (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--encoder-max-concurrency",
      defaultValue = "8",
      paramLabel = "REQUESTS",
      description = "At a time, to --encoder-url (default: ${DEFAULT-VALUE}).")
  private int maxConcurrency;

  /**
   * Null where no URL was given.
   *
   * @throws BundleException where they cannot be used
   */
  public @Nullable RemoteEncoderSettings settings() {
    if (url == null || url.toString().isBlank()) {
      return null;
    }
    try {
      RemoteEncoderSettings usual = RemoteEncoderSettings.of(url, key());
      return new RemoteEncoderSettings(
          url,
          usual.apiKey(),
          usual.connectTimeout(),
          Duration.ofSeconds(timeout),
          batchSize,
          maxConcurrency,
          usual.retries());
    } catch (IllegalArgumentException e) {
      throw new BundleException("--encoder-...: " + e.getMessage() + ".", e);
    }
  }

  private @Nullable String key() {
    if (keyFile == null || keyFile.toString().isEmpty()) {
      return System.getenv("PALATE_ENCODER_API_KEY");
    }
    try {
      return Files.readString(keyFile);
    } catch (IOException e) {
      throw new BundleException("--encoder-api-key-file %s cannot be read.".formatted(keyFile), e);
    }
  }
}
