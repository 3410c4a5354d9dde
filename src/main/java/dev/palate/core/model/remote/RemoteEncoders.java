package dev.palate.core.model.remote;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.model.remote.RemoteEncoder.Row;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Opens remote encoders, asking each for one embedding before it is relied upon. */
public final class RemoteEncoders {
  private RemoteEncoders() {}

  /**
   * The encoder of a spec.
   *
   * @throws BundleException where it does not answer, or another model does
   */
  public static RemoteEncoder open(
      EncoderSpec spec, @Nullable RemoteEncoderSettings settings, RemoteMeters meters) {
    if (settings == null) {
      throw new BundleException(
          "The bundle's encoder '%s' is served by another program: set palate.model.remote-encoder.url, on the"
                  .formatted(spec.source())
              + " command line --encoder-url, to where.");
    }
    RemoteEncoder encoder =
        new RemoteEncoder(settings, spec.source(), meters, new Random(), Clock.systemUTC());
    try {
      float[] row = first(encoder, spec.source());
      if (row.length != spec.dimension()) {
        throw new BundleException(
            "The remote encoder at %s answers %d numbers a text, the bundle needs %d of '%s'. Serve the model"
                    .formatted(settings.url(), row.length, spec.dimension(), spec.source())
                + " that the bundle was trained on, or train again.");
      }
      if (!spec.knows(Fingerprint.of(row))) {
        throw new BundleException(
            "The remote encoder at %s is not the '%s' that the bundle was trained on (its fingerprint differs)."
                    .formatted(settings.url(), spec.source())
                + " Serve that model, in its revision and with its pooling, or train again.");
      }
      return encoder;
    } catch (RuntimeException e) {
      encoder.close();
      throw e;
    }
  }

  /**
   * Describes the encoder that is served under a name.
   *
   * @throws BundleException where it does not answer
   */
  public static EncoderSpec describe(
      String model,
      EncoderSpec.ResponseInput responseInput,
      int maxTokens,
      RemoteEncoderSettings settings) {
    try (RemoteEncoder encoder =
        new RemoteEncoder(settings, model, RemoteMeters.none(), new Random(), Clock.systemUTC())) {
      float[] row = first(encoder, model);
      return EncoderSpec.remote(model, row.length, maxTokens, responseInput, Fingerprint.of(row));
    }
  }

  private static float[] first(RemoteEncoder encoder, String model) {
    try {
      Row row =
          encoder
              .embed(List.of(Fingerprint.TEXT), Fingerprint.TEXT.length(), null)
              .rows()
              .getFirst();
      if (!row.finite()) {
        throw new BundleException(
            "The remote encoder at %s gives no embedding of a plain sentence for '%s'. See that it serves an"
                    .formatted(encoder.settings().url(), model)
                + " embedding model.");
      }
      return row.row();
    } catch (RemoteEncoderException e) {
      throw new BundleException(
          "The remote encoder at %s cannot be used for '%s': %s. Start it, or correct palate.model.remote-encoder.url"
                  .formatted(encoder.settings().url(), model, e.getMessage())
              + " (on the command line --encoder-url).",
          e);
    }
  }
}
