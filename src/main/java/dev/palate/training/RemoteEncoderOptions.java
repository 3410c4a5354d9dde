package dev.palate.training;

import dev.palate.reward.BundleException;
import dev.palate.reward.RemoteEncoderSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
      return RemoteEncoderSettings.of(url, key());
    } catch (IllegalArgumentException e) {
      throw new BundleException("--encoder-url: " + e.getMessage() + ".", e);
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
