package dev.palate.core.model.torch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.palate.core.bundle.AtomicFiles;
import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.Hashes;
import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.Safetensors;
import dev.palate.core.bundle.StyleFeatures;
import dev.palate.core.bundle.Tensor;
import dev.palate.core.encoder.EncoderFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds or writes the TorchScript archive of an encoder and a head: in the bundle's own directory
 * {@link #ASSEMBLED} where somebody assembled it ahead (an image, read-only), else in the cache
 * directory. Its name is the hash of what it is made of; beside it lies the hash of its own bytes,
 * compared before the engine sees them. Both are moved in place whole, and two processes that write
 * the same archive write the same bytes, so neither can harm the other.
 */
public final class Archive {
  /** Of a bundle's directory; written by {@code bundle assemble --cache-dir}, read only here. */
  static final String ASSEMBLED = "assembled";

  private Archive() {}

  /** The path of the checked archive. */
  public static Path of(EncoderSpec encoder, @Nullable Head head, boolean bf16, Path cacheDir) {
    return of(encoder, head, bf16, List.of(cacheDir));
  }

  /** The same for a bundle, which may have its archive beside it. */
  public static Path of(Path bundleDir, Bundle bundle, boolean bf16, Path cacheDir) {
    return of(
        bundle.encoder(), bundle.head(), bf16, List.of(bundleDir.resolve(ASSEMBLED), cacheDir));
  }

  /**
   * @param dirs looked into in turn; assembled in the last where it is in none
   */
  private static Path of(EncoderSpec encoder, @Nullable Head head, boolean bf16, List<Path> dirs) {
    SequencedMap<String, Tensor> headTensors =
        head == null ? new LinkedHashMap<>() : TorchScriptWriter.headTensors(head);
    try {
      String name = contentHash(encoder, headTensors, bf16) + ".pt";
      Path archive =
          dirs.stream()
              .map(dir -> dir.resolve(name))
              .filter(Archive::isWhole)
              .findFirst()
              .orElse(dirs.getLast().resolve(name));
      if (!isWhole(archive)) {
        assemble(archive, encoder, headTensors, bf16);
      }
      verify(archive);
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot assemble the model in " + dirs.getLast(), e);
    }
  }

  private static boolean isWhole(Path archive) {
    return Files.exists(archive) && Files.exists(sidecar(archive));
  }

  /** The bundle's own archive ({@code torchscript}), checked against the spec's hash. */
  public static Path own(Path bundleDir, EncoderSpec encoder) {
    Path archive = bundleDir.resolve(encoder.source());
    try {
      if (!Files.exists(archive)) {
        throw new BundleException("%s is missing. Restore it.".formatted(archive));
      }
      if (!Hashes.of(archive).equals(encoder.sha256())) {
        throw new BundleException(
            "%s does not have the SHA-256 that bundle.json names. Restore the file."
                .formatted(archive));
      }
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + archive, e);
    }
  }

  /** {@code tokenizer.json} beside a bundle's own archive, checked against the spec's hash. */
  public static byte[] ownTokenizer(Path bundleDir, EncoderSpec encoder) {
    byte[] tokenizer = Bundles.ownTokenizer(bundleDir);
    if (!encoder.settingsSha256().isEmpty()
        && !Hashes.of(tokenizer).equals(encoder.settingsSha256())) {
      throw new BundleException(
          "%s does not have the SHA-256 that bundle.json names. Restore the file, or pack the bundle again."
              .formatted(bundleDir.resolve(Bundles.OWN_TOKENIZER)));
    }
    return tokenizer;
  }

  private static String contentHash(
      EncoderSpec encoder, SequencedMap<String, Tensor> head, boolean bf16) throws IOException {
    MessageDigest digest = Hashes.sha256();
    digest.update(TorchScriptWriter.source(bf16, encoder.interactionLayers()));
    digest.update(
        "%s %s %s %s"
            .formatted(
                encoder.sha256(),
                encoder.settingsSha256(),
                encoder.pooling(),
                bf16 ? "bf16" : "fp32")
            .getBytes(UTF_8));
    digest.update(Safetensors.encode(style(encoder)));
    digest.update(Safetensors.encode(head));
    return Hashes.hex(digest.digest()).substring(0, 32);
  }

  private static void assemble(
      Path archive, EncoderSpec encoder, SequencedMap<String, Tensor> head, boolean bf16)
      throws IOException {
    EncoderFiles.Bert bert = EncoderFiles.of(encoder).read(encoder.sha256());
    int dimension = bert.weights().dimension();
    if (dimension != encoder.embeddingDimension()) {
      throw new BundleException(
          "The encoder %s has dimension %d, the bundle says %d. Train again with this encoder."
              .formatted(encoder.source(), dimension, encoder.embeddingDimension()));
    }
    List<Integer> layers = encoder.interactionLayers();
    SequencedMap<String, Tensor> stacked = bert.weights().stack();
    int most = bert.weights().layers();
    if (!layers.isEmpty() && layers.getLast() > most) {
      throw new BundleException(
          "The encoder %s has %d layers; its interaction layers %s are not all among them. Choose --interaction-layers from 1 to %d."
              .formatted(encoder.source(), most, layers, most));
    }
    TorchScriptWriter.Encoder written =
        new TorchScriptWriter.Encoder(
            stacked, bert.heads(), bert.normEpsilon(), encoder.pooling(), layers);
    AtomicFiles.write(
        archive,
        file -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            TorchScriptWriter.write(out, written, style(encoder), head, bf16);
          }
          String hash = Hashes.of(file);
          AtomicFiles.write(sidecar(archive), side -> Files.writeString(side, hash));
        });
  }

  /** The table of the style features; empty where the encoder's spec names none. */
  private static SequencedMap<String, Tensor> style(EncoderSpec encoder) {
    SequencedMap<String, Tensor> style = new LinkedHashMap<>();
    if (!encoder.styleFeatures().isEmpty()) {
      if (!encoder.styleFeatures().equals(StyleFeatures.NAMES)) {
        throw new BundleException(
            "The bundle was trained with the style features %s, this version reads %s. Train again."
                .formatted(encoder.styleFeatures(), StyleFeatures.NAMES));
      }
      style.put("style_table", StyleFeatures.table(tokenizer(encoder)));
    }
    return style;
  }

  private static void verify(Path archive) throws IOException {
    if (!Hashes.of(archive).equals(Files.readString(sidecar(archive)).strip())) {
      throw new BundleException(
          "%s is not what Palate wrote (its SHA-256 differs from %s). Delete both files; they are"
                  .formatted(archive, sidecar(archive).getFileName())
              + " written again at the next start.");
    }
  }

  private static Path sidecar(Path archive) {
    return archive.resolveSibling(archive.getFileName() + ".sha256");
  }

  /** {@code tokenizer.json} of the encoder. */
  public static byte[] tokenizer(EncoderSpec encoder) {
    return EncoderFiles.of(encoder).tokenizer();
  }
}
