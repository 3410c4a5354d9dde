package dev.palate.reward;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code bundle.json} as it stands in the file. */
@SuppressWarnings("ArrayRecordComponent") // a value on its way to JSON, never compared
record BundleManifest(
    String format,
    String name,
    String version,
    int experts,
    Encoder encoder,
    double scale,
    double labelNoise,
    int topM,
    double[] meanRouting,
    String headSha256,
    String expertsSha256,
    List<DataSource> data,
    Map<String, Double> metrics) {

  static final String FORMAT = "palate-bundle-1";

  /** {@link EncoderSpec} with its words in lower case. */
  record Encoder(
      String kind,
      String source,
      String sha256,
      int dimension,
      int maxTokens,
      String responseInput,
      @Nullable List<String> styleFeatures) {

    static Encoder of(EncoderSpec spec) {
      return new Encoder(
          spec.kind().name().toLowerCase(Locale.ROOT),
          spec.source(),
          spec.sha256(),
          spec.dimension(),
          spec.maxTokens(),
          spec.responseInput().name().toLowerCase(Locale.ROOT),
          spec.styleFeatures());
    }

    EncoderSpec toSpec() {
      return new EncoderSpec(
          EncoderSpec.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
          source,
          sha256,
          dimension,
          maxTokens,
          EncoderSpec.ResponseInput.valueOf(responseInput.toUpperCase(Locale.ROOT)),
          styleFeatures == null ? List.of() : styleFeatures);
    }
  }

  /**
   * First 8 hex digits over all that decides scores; router, experts and prior come in by {@link
   * #headSha256}.
   */
  String computeVersion() {
    StringBuilder content = new StringBuilder();
    content.append(encoder).append('\n').append(headSha256).append('\n');
    content.append(scale).append(' ').append(labelNoise).append(' ').append(topM);
    for (double weight : meanRouting) {
      content.append(' ').append(weight);
    }
    return Hashes.of(content.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 8);
  }

  BundleManifest withVersion(String version) {
    return new BundleManifest(
        format,
        name,
        version,
        experts,
        encoder,
        scale,
        labelNoise,
        topM,
        meanRouting,
        headSha256,
        expertsSha256,
        data,
        metrics);
  }
}
