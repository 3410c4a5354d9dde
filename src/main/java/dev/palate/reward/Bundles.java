package dev.palate.reward;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
 * experts.json} and, where it was measured, {@code diagnostics.json}. The manifest carries the
 * hashes of the others and is written last, so that a half-written bundle is seen as such.
 */
public final class Bundles {
  static final String MANIFEST = "bundle.json";
  static final String HEAD = "head.safetensors";
  static final String EXPERTS = "experts.json";
  static final String DIAGNOSTICS = "diagnostics.json";

  /** Of a bundle whose encoder is elsewhere, the manifest last; some lack the third and fourth. */
  static final List<String> FILES =
      List.of(HEAD, EXPERTS, DIAGNOSTICS, GoldenScores.FILE, MANIFEST);

  static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  /**
   * Cards and diagnostics may lack what was not measured; {@link ExpertCard} and {@link
   * BundleDiagnostics} themselves say what they cannot lack.
   */
  private static final JsonMapper MEASURED =
      JSON.rebuild()
          .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

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
      bundle =
          new Bundle(
              manifest.name(),
              manifest.version(),
              encoder,
              encoder.kind() == EncoderSpec.Kind.TORCHSCRIPT
                  ? null
                  : HeadTensors.head(tensors, dir.resolve(HEAD)),
              manifest.scale(),
              manifest.labelNoise(),
              manifest.topM(),
              HeadTensors.prior(tensors, dir.resolve(HEAD)),
              manifest.meanRouting(),
              cards(experts, dir.resolve(EXPERTS)),
              manifest.data(),
              manifest.metrics(),
              manifest.diagnosticsSha256().isEmpty()
                  ? null
                  : diagnostics(
                      checked(dir.resolve(DIAGNOSTICS), manifest.diagnosticsSha256()),
                      dir.resolve(DIAGNOSTICS)));
    } catch (IllegalArgumentException e) {
      throw new BundleException(
          "%s: %s. Restore the file or train again."
              .formatted(dir.resolve(MANIFEST), e.getMessage()),
          e);
    }
    BundleChecks.check(bundle, manifest, dir);
    return bundle;
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
            ? draft.encoder().withSettings(Hashes.of(Archive.ownTokenizer(dir)))
            : draft.encoder();
    byte[] head = Safetensors.encode(HeadTensors.of(draft));
    byte[] experts = JSON.writeValueAsBytes(draft.experts());
    byte[] diagnostics =
        draft.diagnostics() == null ? null : JSON.writeValueAsBytes(draft.diagnostics());
    BundleManifest unversioned =
        new BundleManifest(
            BundleManifest.FORMAT,
            draft.name(),
            "",
            draft.expertCount(),
            BundleManifest.Encoder.of(encoder),
            draft.scale(),
            draft.labelNoise(),
            draft.topM(),
            draft.meanRouting(),
            Hashes.of(head),
            Hashes.of(experts),
            diagnostics == null ? "" : Hashes.of(diagnostics),
            draft.data(),
            draft.metrics());
    BundleManifest manifest = unversioned.withVersion(unversioned.computeVersion());
    try {
      Files.deleteIfExists(dir.resolve(GoldenScores.FILE)); // of the bundle that was here before
      AtomicFiles.write(dir.resolve(HEAD), file -> Files.write(file, head));
      AtomicFiles.write(dir.resolve(EXPERTS), file -> Files.write(file, experts));
      if (diagnostics == null) {
        Files.deleteIfExists(dir.resolve(DIAGNOSTICS)); // as the golden scores
      } else {
        AtomicFiles.write(dir.resolve(DIAGNOSTICS), file -> Files.write(file, diagnostics));
      }
      AtomicFiles.write(
          dir.resolve(MANIFEST), file -> Files.write(file, JSON.writeValueAsBytes(manifest)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the bundle " + dir, e);
    }
    return read(dir);
  }

  /**
   * Writes a bundle of kind {@code torchscript} with its archive and tokenizer.
   *
   * @param archives the directory where they were written
   * @return the bundle as it reads back, with its version
   */
  public static Bundle write(Path dir, Bundle draft, Path archives) {
    try {
      Archive.install(archives, dir, draft.encoder());
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
    BundleManifest manifest =
        manifest(dir.resolve(MANIFEST)).withDiagnosticsSha256(Hashes.of(json));
    try {
      AtomicFiles.write(dir.resolve(DIAGNOSTICS), file -> Files.write(file, json));
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
      if (!manifest.format().equals(BundleManifest.FORMAT)) {
        throw new BundleException(
            "%s has format '%s', this Palate reads '%s'. Use a matching version of Palate."
                .formatted(file, manifest.format(), BundleManifest.FORMAT));
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
