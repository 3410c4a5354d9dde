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
 * experts.json}. The manifest carries the hashes of the other two and is written last, so that a
 * half-written bundle is seen as such.
 */
public final class Bundles {
  static final String MANIFEST = "bundle.json";
  static final String HEAD = "head.safetensors";
  static final String EXPERTS = "experts.json";

  static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  /** A card may lack what was not measured; {@link ExpertCard} itself says what it cannot lack. */
  private static final JsonMapper CARDS =
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
              manifest.metrics());
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
   * floats.
   *
   * @param draft the bundle; its version is not read
   * @return the bundle as it reads back, with its version
   */
  public static Bundle write(Path dir, Bundle draft) {
    byte[] head = Safetensors.encode(HeadTensors.of(draft));
    byte[] experts = JSON.writeValueAsBytes(draft.experts());
    BundleManifest unversioned =
        new BundleManifest(
            BundleManifest.FORMAT,
            draft.name(),
            "",
            draft.expertCount(),
            BundleManifest.Encoder.of(draft.encoder()),
            draft.scale(),
            draft.labelNoise(),
            draft.topM(),
            draft.meanRouting(),
            Hashes.of(head),
            Hashes.of(experts),
            draft.data(),
            draft.metrics());
    BundleManifest manifest = unversioned.withVersion(unversioned.computeVersion());
    try {
      Files.deleteIfExists(dir.resolve(GoldenScores.FILE)); // of the bundle that was here before
      AtomicFiles.write(dir.resolve(HEAD), file -> Files.write(file, head));
      AtomicFiles.write(dir.resolve(EXPERTS), file -> Files.write(file, experts));
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

  private static BundleManifest manifest(Path file) {
    try {
      JsonNode json = JSON.readTree(new String(bytes(file), UTF_8));
      if (!json.isObject()) {
        throw new BundleException(
            "%s is no JSON object. Restore the file or train again.".formatted(file));
      }
      if (json.path("encoder") instanceof ObjectNode encoder) {
        BundleManifest.Encoder.complete(encoder);
      }
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
    try {
      return CARDS.readValue(new String(json, UTF_8), new TypeReference<List<ExpertCard>>() {});
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
