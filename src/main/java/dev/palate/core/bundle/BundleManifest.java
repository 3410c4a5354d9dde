package dev.palate.core.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * {@code bundle.json} as it stands in the file.
 *
 * @param sharedExperts K_s, how many of the experts are shared, the last; not in the file where 0
 * @param traits names of the counted traits they read, in the order of the tensors; likewise
 * @param pairFeatures names of what the routed experts read of prompt and response together, in the
 *     order of the tensors; likewise
 * @param diagnosticsSha256 not in the file where it is empty: the bundle has no diagnostics
 * @param examplePairsSha256 as the diagnostics'
 */
@SuppressWarnings("ArrayRecordComponent") // a value on its way to JSON, never compared
record BundleManifest(
    String format,
    String name,
    String version,
    int experts,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) int sharedExperts,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> traits,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> pairFeatures,
    Encoder encoder,
    double scale,
    double labelNoise,
    int topM,
    double[] meanRouting,
    String headSha256,
    String expertsSha256,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String diagnosticsSha256,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String examplePairsSha256,
    List<DataSource> data,
    Map<String, Double> metrics) {

  /** Experts that the router chooses among, a prior with one scale. */
  static final String FORMAT_1 = "palate-bundle-1";

  /** Shared experts too, or features of pairs, or a prior with several scales. */
  static final String FORMAT_2 = "palate-bundle-2";

  static String format(Bundle draft) {
    boolean first =
        draft.shared() == null
            && draft.pair() == null
            && !draft.encoder().readsInteraction()
            && draft.prior().hasOneScale();
    return first ? FORMAT_1 : FORMAT_2;
  }

  /** Puts in what the file may lack. */
  static void complete(ObjectNode manifest) {
    manifest.putIfAbsent("shared_experts", IntNode.valueOf(0));
    manifest.putIfAbsent("traits", manifest.arrayNode());
    manifest.putIfAbsent("pair_features", manifest.arrayNode());
    manifest.putIfAbsent("diagnostics_sha256", StringNode.valueOf(""));
    manifest.putIfAbsent("example_pairs_sha256", StringNode.valueOf(""));
    if (manifest.path("encoder") instanceof ObjectNode encoder) {
      Encoder.complete(encoder);
    }
  }

  /**
   * {@link EncoderSpec} with its words in lower case.
   *
   * @param settingsSha256 not in the file where it is empty
   * @param pooling not in files from before there was a choice: mean
   * @param maxPromptTokens not in the file where it is {@code maxTokens}: 0
   * @param interactionLayers not in the file where it is empty
   * @param fingerprint not in the file where it is empty
   */
  record Encoder(
      String kind,
      String source,
      String sha256,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) String settingsSha256,
      int dimension,
      int maxTokens,
      String responseInput,
      @Nullable List<String> styleFeatures,
      String pooling,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) int maxPromptTokens,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> interactionLayers,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Double> fingerprint) {

    private static final String MEAN = "mean";

    private static void complete(ObjectNode encoder) {
      encoder.putIfAbsent("settings_sha256", StringNode.valueOf(""));
      encoder.putIfAbsent("pooling", StringNode.valueOf(MEAN));
      encoder.putIfAbsent("max_prompt_tokens", IntNode.valueOf(0));
      encoder.putIfAbsent("interaction_layers", encoder.arrayNode());
      encoder.putIfAbsent("fingerprint", encoder.arrayNode());
    }

    static Encoder of(EncoderSpec spec) {
      return new Encoder(
          word(spec.kind()),
          spec.source(),
          spec.sha256(),
          spec.settingsSha256(),
          spec.dimension(),
          spec.maxTokens(),
          word(spec.responseInput()),
          spec.styleFeatures(),
          word(spec.pooling()),
          spec.maxPromptTokens() == spec.maxTokens() ? 0 : spec.maxPromptTokens(),
          spec.interactionLayers(),
          spec.fingerprint());
    }

    EncoderSpec toSpec() {
      return new EncoderSpec(
          constant(EncoderSpec.Kind.class, "kind", kind),
          source,
          sha256,
          settingsSha256,
          dimension,
          maxTokens,
          constant(EncoderSpec.ResponseInput.class, "response_input", responseInput),
          styleFeatures == null ? List.of() : styleFeatures,
          constant(EncoderSpec.Pooling.class, "pooling", pooling),
          maxPromptTokens == 0 ? maxTokens : maxPromptTokens,
          interactionLayers,
          fingerprint);
    }

    private static String word(Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String key, String word) {
      for (E constant : type.getEnumConstants()) {
        if (word(constant).equals(word)) {
          return constant;
        }
      }
      throw new IllegalArgumentException(
          "'encoder.%s' is '%s', this Palate knows %s"
              .formatted(
                  key, word, Stream.of(type.getEnumConstants()).map(Encoder::word).toList()));
    }

    /**
     * What of it decides scores. A directory is known by its files' hashes, so that it may be
     * moved. What a bundle from before settings and pooling says of itself is hashed as it was
     * then.
     */
    String content() {
      boolean directory = source.startsWith(EncoderSpec.DIRECTORY);
      String content =
          "Encoder[kind=%s, source=%s, sha256=%s, dimension=%d, maxTokens=%d, responseInput=%s, styleFeatures=%s]"
              .formatted(
                  kind,
                  directory ? EncoderSpec.DIRECTORY : source,
                  sha256,
                  dimension,
                  maxTokens,
                  responseInput,
                  styleFeatures);
      String whole =
          pooling.equals(MEAN) && settingsSha256.isEmpty()
              ? content
              : content + " " + pooling + " " + settingsSha256;
      String known = fingerprint.isEmpty() ? whole : whole + " " + fingerprint;
      return maxPromptTokens == 0 && interactionLayers.isEmpty()
          ? known
          : known + " " + maxPromptTokens + " " + interactionLayers;
    }
  }

  /**
   * First 8 hex digits over all that decides scores; router, experts and prior come in by {@link
   * #headSha256}.
   */
  String computeVersion() {
    StringBuilder content = new StringBuilder();
    content.append(encoder.content()).append('\n').append(headSha256).append('\n');
    content.append(scale).append(' ').append(labelNoise).append(' ').append(topM);
    for (double weight : meanRouting) {
      content.append(' ').append(weight);
    }
    if (sharedExperts > 0) {
      content.append("\nshared ").append(sharedExperts).append(' ').append(traits);
    }
    if (!pairFeatures.isEmpty()) {
      content.append("\npair ").append(pairFeatures);
    }
    return Hashes.of(content.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 8);
  }

  BundleManifest withVersion(String version) {
    return with(version, diagnosticsSha256, examplePairsSha256);
  }

  BundleManifest withDiagnosticsSha256(String sha256) {
    return with(version, sha256, examplePairsSha256);
  }

  BundleManifest withExamplePairsSha256(String sha256) {
    return with(version, diagnosticsSha256, sha256);
  }

  private BundleManifest with(String version, String diagnosticsSha256, String examplePairsSha256) {
    return new BundleManifest(
        format,
        name,
        version,
        experts,
        sharedExperts,
        traits,
        pairFeatures,
        encoder,
        scale,
        labelNoise,
        topM,
        meanRouting,
        headSha256,
        expertsSha256,
        diagnosticsSha256,
        examplePairsSha256,
        data,
        metrics);
  }
}
