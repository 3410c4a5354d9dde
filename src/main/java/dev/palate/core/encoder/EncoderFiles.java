package dev.palate.core.encoder;

import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.EncoderSpec.Pooling;

/**
 * Where the files of a pretrained encoder lie. What is asked for is read anew each time: the
 * weights are large and needed once.
 */
public sealed interface EncoderFiles permits ClassPathEncoder, HuggingFaceDirectory {
  /**
   * An encoder as read.
   *
   * @param heads attention heads
   * @param normEpsilon what the layer norms add to the variance
   */
  record Bert(BertWeights weights, int heads, double normEpsilon) {}

  /**
   * The files of a source as {@link EncoderSpec} has it.
   *
   * @throws BundleException where it is no source, or not there
   */
  static EncoderFiles of(String source) {
    if (source.startsWith(EncoderSpec.CLASS_PATH)) {
      return new ClassPathEncoder(source.substring(EncoderSpec.CLASS_PATH.length()));
    }
    if (source.startsWith(EncoderSpec.DIRECTORY)) {
      return HuggingFaceDirectory.open(source.substring(EncoderSpec.DIRECTORY.length()));
    }
    throw new BundleException(
        "The encoder source '%s' is neither classpath:NAME nor directory:PATH. Correct it."
            .formatted(source));
  }

  /**
   * The files a bundle stands on, their settings checked.
   *
   * @throws BundleException where they are missing or others
   */
  static EncoderFiles of(EncoderSpec encoder) {
    EncoderFiles files = of(encoder.source());
    if (!files.settingsSha256().equals(encoder.settingsSha256())) {
      throw new BundleException(
          "config.json or tokenizer.json of the encoder %s is not the one the bundle was trained with"
                  .formatted(encoder.source())
              + " (their SHA-256 differs). Put the two files back, or train again.");
    }
    return files;
  }

  /** Of the weights file. */
  String weightsSha256();

  /**
   * Reads the weights.
   *
   * @param sha256 what the file's hash must be
   * @throws BundleException where it is another, or what it holds is no BERT for Palate
   */
  Bert read(String sha256);

  byte[] tokenizer();

  /** Of what else decides how a text is read; empty where it cannot change without the weights. */
  String settingsSha256();

  /** How the encoder's makers pool; a bundle keeps what was found when it was trained. */
  Pooling pooling();
}
