package dev.palate.core.encoder;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.EncoderSpec.Pooling;
import dev.palate.core.bundle.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * An encoder of a Maven artifact on the class path: {@code NAME.onnx} and {@code
 * NAME-tokenizer.json}. It brings no settings: 12 attention heads, as every MiniLM and BERT up to
 * the base size has, and mean pooling are taken for granted.
 */
record ClassPathEncoder(String name) implements EncoderFiles {
  private static final int HEADS = 12;
  private static final double NORM_EPSILON = 1e-12;

  @Override
  public String weightsSha256() {
    return Hashes.of(weights());
  }

  @Override
  public Bert read(String sha256) {
    byte[] weights = weights();
    String found = Hashes.of(weights);
    if (!found.equals(sha256)) {
      throw new BundleException(
          "%s%s on the class path has SHA-256 %s, the bundle was trained on %s. Use the version of"
                  .formatted(EncoderSpec.CLASS_PATH, name, found, sha256)
              + " its Maven artifact that the bundle was trained on, or train again.");
    }
    try {
      BertWeights read = new BertWeights(OnnxWeights.read(weights));
      if (read.dimension() % HEADS != 0) {
        throw new BundleException(
            "%s%s has %d dimensions, which %d attention heads cannot share. Use its Hugging Face"
                    .formatted(EncoderSpec.CLASS_PATH, name, read.dimension(), HEADS)
                + " directory, whose config.json says how many it has.");
      }
      return new Bert(read, HEADS, NORM_EPSILON);
    } catch (IOException e) {
      throw new BundleException(
          "%s.onnx on the class path is no ONNX file: %s. Use another version of its Maven artifact."
              .formatted(name, e.getMessage()),
          e);
    }
  }

  @Override
  public byte[] tokenizer() {
    return resource("-tokenizer.json");
  }

  @Override
  public String settingsSha256() {
    return "";
  }

  @Override
  public Pooling pooling() {
    return Pooling.MEAN;
  }

  private byte[] weights() {
    return resource(".onnx");
  }

  private byte[] resource(String suffix) {
    try (InputStream in =
        ClassPathEncoder.class.getClassLoader().getResourceAsStream(name + suffix)) {
      if (in == null) {
        throw new BundleException(
            "The encoder's file %s is not on the class path. Add the Maven artifact that carries"
                    .formatted(name + suffix)
                + " it.");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + suffix + " on the class path", e);
    }
  }
}
