package dev.palate.core.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.palate.core.traits.PairFeatures;
import dev.palate.core.traits.SharedExperts;
import dev.palate.core.traits.TextTraits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes bundle directories: {@code bundle.json}, {@code head.safetensors}, {@code
 * experts.json}, where it was measured {@code diagnostics.json}, where texts are kept {@code
 * example-pairs.json}, and where its training had warnings {@code warnings.json}. The manifest
 * carries the hashes of the others but the last and is written last, so that a half-written bundle
 * is seen as such.
 */
public final class Bundles {
  public static final String MANIFEST = "bundle.json";
  public static final String HEAD = "head.safetensors";
  static final String EXPERTS = "experts.json";
  static final String DIAGNOSTICS = "diagnostics.json";

  static final String EXAMPLE_PAIRS = "example-pairs.json";

  /** Scores of a few texts where the bundle was made. */
  public static final String GOLDEN = "golden.json";

  /** The TorchScript archive of a bundle of kind {@code torchscript}. */
  public static final String OWN_ARCHIVE = "reward-model.pt";

  /** Its tokenizer. */
  public static final String OWN_TOKENIZER = "tokenizer.json";

  /** Of a bundle whose encoder is elsewhere, the manifest last. */
  public static final List<String> FILES =
      List.of(HEAD, EXPERTS, DIAGNOSTICS, EXAMPLE_PAIRS, WarningsFile.NAME, GOLDEN, MANIFEST);

  /** Which of them a bundle may lack; its manifest says whether the first two should be there. */
  public static final Set<String> OPTIONAL = Set.of(DIAGNOSTICS, EXAMPLE_PAIRS, WarningsFile.NAME);

  public static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  /**
   * Cards and diagnostics may lack what was not measured; {@link ExpertCard}, {@link
   * BundleDiagnostics} and {@link ExamplePair} themselves say what they cannot lack.
   */
  private static final JsonMapper MEASURED =
      JSON.rebuild()
          .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private static final List<String> FORMATS =
      List.of(BundleManifest.FORMAT_1, BundleManifest.FORMAT_2);

  private Bundles() {}

  /**
   * Reads and checks a bundle: hashes, shapes, finite numbers, a positive definite prior.
   *
   * @throws BundleException naming the file, what is wrong and what to do
   */
  public static Bundle read(Path dir) {
    if (!Files.isDirectory(dir)) {
      throw new BundleException(
          "There is no bundle directory %s. Train one (palate train) or set palate.model.bundle."
              .formatted(dir));
    }
    BundleManifest manifest = manifest(dir.resolve(MANIFEST));
    byte[] head = checked(dir.resolve(HEAD), manifest.headSha256());
    byte[] experts = checked(dir.resolve(EXPERTS), manifest.expertsSha256());
    Map<String, Tensor> tensors = Safetensors.decode(head, dir.resolve(HEAD).toString());
    Bundle bundle;
    try {
      EncoderSpec encoder = manifest.encoder().toSpec();
      List<ExpertCard> cards = cards(experts, dir.resolve(EXPERTS));
      bundle =
          new Bundle(
              manifest.name(),
              manifest.version(),
              encoder,
              encoder.kind() == EncoderSpec.Kind.TORCHSCRIPT
                  ? null
                  : HeadTensors.head(tensors, dir.resolve(HEAD)),
              shared(manifest, cards, tensors, dir),
              pair(manifest, encoder, tensors, dir),
              manifest.scale(),
              manifest.labelNoise(),
              manifest.topM(),
              HeadTensors.prior(tensors, dir.resolve(HEAD)),
              manifest.meanRouting(),
              cards,
              manifest.data(),
              manifest.metrics(),
              manifest.diagnosticsSha256().isEmpty()
                  ? null
                  : diagnostics(
                      checked(dir.resolve(DIAGNOSTICS), manifest.diagnosticsSha256()),
                      dir.resolve(DIAGNOSTICS)),
              manifest.examplePairsSha256().isEmpty()
                  ? List.of()
                  : examplePairs(
                      checked(dir.resolve(EXAMPLE_PAIRS), manifest.examplePairsSha256()),
                      dir.resolve(EXAMPLE_PAIRS)),
              List.of());
    } catch (IllegalArgumentException e) {
      throw new BundleException(
          "%s: %s. Restore the file or train again."
              .formatted(dir.resolve(MANIFEST), e.getMessage()),
          e);
    }
    BundleChecks.check(bundle, manifest, dir);
    return bundle.withWarnings(WarningsFile.read(dir, manifest.version()));
  }

  /** The experts that read traits; null where the bundle has none. */
  private static @Nullable SharedExperts shared(
      BundleManifest manifest, List<ExpertCard> cards, Map<String, Tensor> tensors, Path dir) {
    int shared = manifest.sharedExperts();
    if (shared == 0) {
      return null;
    }
    if (shared < 0 || shared >= cards.size()) {
      throw new IllegalArgumentException(
          "'shared_experts' must be less than the number of experts, %d".formatted(cards.size()));
    }
    if (!manifest.traits().equals(TextTraits.NAMES)) {
      throw new IllegalArgumentException(
          "its shared experts read the traits %s, this version counts %s"
              .formatted(manifest.traits(), TextTraits.NAMES));
    }
    return HeadTensors.shared(
        tensors, cards.subList(cards.size() - shared, cards.size()), dir.resolve(HEAD));
  }

  /** What the routed experts read of pairs; null where the bundle has no such features. */
  private static @Nullable PairFeatures pair(
      BundleManifest manifest, EncoderSpec encoder, Map<String, Tensor> tensors, Path dir) {
    if (manifest.pairFeatures().isEmpty()) {
      return null;
    }
    PairFeatures pair = HeadTensors.pair(tensors, manifest.pairFeatures(), dir.resolve(HEAD));
    pair.indices(encoder.interactionLayers());
    return pair;
  }

  /**
   * Writes a bundle, each file whole or not at all, the manifest last. Tensors are stored as 32 bit
   * floats. One of kind {@code torchscript} has its tokenizer in the directory already.
   *
   * @param draft the bundle; its version is not read
   * @return the bundle as it reads back, with its version
   */
  public static Bundle write(Path dir, Bundle draft) {
    EncoderSpec encoder =
        draft.encoder().kind() == EncoderSpec.Kind.TORCHSCRIPT
            ? draft.encoder().withSettings(Hashes.of(ownTokenizer(dir)))
            : draft.encoder();
    byte[] head = Safetensors.encode(HeadTensors.of(draft));
    byte[] experts = JSON.writeValueAsBytes(draft.experts());
    byte[] diagnostics =
        draft.diagnostics() == null ? null : JSON.writeValueAsBytes(draft.diagnostics());
    byte[] examplePairs =
        draft.examplePairs().isEmpty() ? null : JSON.writeValueAsBytes(draft.examplePairs());
    BundleManifest unversioned =
        new BundleManifest(
            BundleManifest.format(draft),
            draft.name(),
            "",
            draft.expertCount(),
            draft.sharedCount(),
            draft.shared() == null ? List.of() : TextTraits.NAMES,
            draft.pair() == null ? List.of() : draft.pair().names(),
            BundleManifest.Encoder.of(encoder),
            draft.scale(),
            draft.labelNoise(),
            draft.topM(),
            draft.meanRouting(),
            Hashes.of(head),
            Hashes.of(experts),
            diagnostics == null ? "" : Hashes.of(diagnostics),
            examplePairs == null ? "" : Hashes.of(examplePairs),
            draft.data(),
            draft.metrics());
    BundleManifest manifest = unversioned.withVersion(unversioned.computeVersion());
    try {
      Files.deleteIfExists(dir.resolve(GOLDEN)); // of the bundle that was here before
      AtomicFiles.write(dir.resolve(HEAD), file -> Files.write(file, head));
      AtomicFiles.write(dir.resolve(EXPERTS), file -> Files.write(file, experts));
      writeOrDelete(dir.resolve(DIAGNOSTICS), diagnostics);
      writeOrDelete(dir.resolve(EXAMPLE_PAIRS), examplePairs);
      WarningsFile.write(dir, manifest.version(), draft.warnings());
      AtomicFiles.write(
          dir.resolve(MANIFEST), file -> Files.write(file, JSON.writeValueAsBytes(manifest)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the bundle " + dir, e);
    }
    return read(dir);
  }

  /** One of null is deleted, as the golden scores are. */
  private static void writeOrDelete(Path file, byte @Nullable [] bytes) throws IOException {
    if (bytes == null) {
      Files.deleteIfExists(file);
    } else {
      AtomicFiles.write(file, target -> Files.write(target, bytes));
    }
  }

  /**
   * Writes a bundle of kind {@code torchscript} with its archive and tokenizer.
   *
   * @param archives the directory where they were written
   * @return the bundle as it reads back, with its version
   */
  public static Bundle write(Path dir, Bundle draft, Path archives) {
    try {
      install(archives, dir, draft.encoder());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the bundle " + dir, e);
    }
    return write(dir, draft);
  }

  /**
   * Writes what was measured of a bundle, in place of what was measured before. The model and its
   * version stay as they are.
   */
  public static void writeDiagnostics(Path dir, BundleDiagnostics diagnostics) {
    byte[] json = JSON.writeValueAsBytes(diagnostics);
    add(
        dir,
        DIAGNOSTICS,
        json,
        manifest(dir.resolve(MANIFEST)).withDiagnosticsSha256(Hashes.of(json)));
  }

  /**
   * Writes the texts of pairs that a bundle's cards name, in place of those that were kept before.
   * The model and its version stay as they are.
   *
   * @param pairs at least one
   * @throws BundleException if no card names one of them
   */
  public static void writeExamplePairs(Path dir, List<ExamplePair> pairs) {
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("'pairs' must not be empty");
    }
    BundleManifest manifest = manifest(dir.resolve(MANIFEST));
    BundleChecks.check(read(dir).withExamplePairs(pairs), manifest, dir);
    byte[] json = JSON.writeValueAsBytes(pairs);
    add(dir, EXAMPLE_PAIRS, json, manifest.withExamplePairsSha256(Hashes.of(json)));
  }

  /**
   * Reads {@code tokenizer.json} of a bundle of kind {@code torchscript}.
   *
   * @throws BundleException where it is missing
   */
  public static byte[] ownTokenizer(Path bundleDir) {
    Path tokenizer = bundleDir.resolve(OWN_TOKENIZER);
    try {
      return Files.readAllBytes(tokenizer);
    } catch (IOException e) {
      throw new BundleException(
          "A torchscript bundle needs %s: %s".formatted(tokenizer, e.getMessage()), e);
    }
  }

  /**
   * Puts a bundle's own archive and its tokenizer, written elsewhere, into the bundle's directory;
   * each file whole or not at all.
   */
  private static void install(Path from, Path bundleDir, EncoderSpec encoder) throws IOException {
    for (String name : new String[] {encoder.source(), OWN_TOKENIZER}) {
      AtomicFiles.write(
          bundleDir.resolve(name),
          file -> Files.copy(from.resolve(name), file, StandardCopyOption.REPLACE_EXISTING));
    }
  }

  private static void add(Path dir, String name, byte[] json, BundleManifest manifest) {
    try {
      AtomicFiles.write(dir.resolve(name), file -> Files.write(file, json));
      AtomicFiles.write(
          dir.resolve(MANIFEST), file -> Files.write(file, JSON.writeValueAsBytes(manifest)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write into the bundle " + dir, e);
    }
  }

  private static BundleManifest manifest(Path file) {
    try {
      JsonNode json = JSON.readTree(new String(bytes(file), UTF_8));
      if (!(json instanceof ObjectNode object)) {
        throw new BundleException(
            "%s is no JSON object. Restore the file or train again.".formatted(file));
      }
      BundleManifest.complete(object);
      BundleManifest manifest = JSON.treeToValue(json, BundleManifest.class);
      if (!FORMATS.contains(manifest.format())) {
        throw new BundleException(
            "%s has format '%s', this Palate reads %s. Use a matching version of Palate."
                .formatted(file, manifest.format(), FORMATS));
      }
      return manifest;
    } catch (JacksonException e) {
      throw new BundleException(
          "%s cannot be read: %s. Restore the file or train again."
              .formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  static List<ExpertCard> cards(byte[] json, Path file) {
    return measured(json, file, new TypeReference<List<ExpertCard>>() {});
  }

  static BundleDiagnostics diagnostics(byte[] json, Path file) {
    return measured(json, file, new TypeReference<BundleDiagnostics>() {});
  }

  static List<ExamplePair> examplePairs(byte[] json, Path file) {
    List<ExamplePair> pairs = measured(json, file, new TypeReference<List<ExamplePair>>() {});
    if (pairs.isEmpty() || pairs.stream().anyMatch(pair -> pair == null)) {
      throw new BundleException(
          "%s holds no pair, or has a gap. Restore the file or train again.".formatted(file));
    }
    return pairs;
  }

  private static <T> T measured(byte[] json, Path file, TypeReference<T> type) {
    try {
      T value = MEASURED.readValue(new String(json, UTF_8), type);
      if (value == null) {
        throw new BundleException("%s is empty. Restore the file or train again.".formatted(file));
      }
      return value;
    } catch (JacksonException e) {
      throw new BundleException(
          "%s cannot be read: %s. Restore the file or train again."
              .formatted(file, e.getOriginalMessage()),
          e);
    }
  }

  private static byte[] checked(Path file, String sha256) {
    byte[] bytes = bytes(file);
    if (!Hashes.of(bytes).equals(sha256)) {
      throw new BundleException(
          "%s is not the file %s was written with (its SHA-256 differs). Restore it or train again."
              .formatted(file, MANIFEST));
    }
    return bytes;
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new BundleException(
          "%s is missing. Restore the file or train again.".formatted(file), e);
    } catch (IOException e) {
      throw new BundleException(
          "%s cannot be read: %s. Check the path and its permissions."
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
