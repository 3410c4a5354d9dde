package dev.palate.reward;

import ai.djl.Device;
import java.nio.file.Path;
import java.time.Clock;

/** Opens encoders and reward models. */
public final class RewardModels {
  private static final String MINILM = "classpath:all-minilm-l6-v2";
  private static final String MINILM_SHA256 =
      "759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e";

  private RewardModels() {}

  /**
   * all-MiniLM-L6-v2 (Apache-2.0): 384 dimensions, and the 256 tokens it is meant to be read with.
   */
  public static EncoderSpec defaultEncoder(EncoderSpec.ResponseInput responseInput) {
    return new EncoderSpec(EncoderSpec.Kind.BERT, MINILM, MINILM_SHA256, 384, 256, responseInput);
  }

  /**
   * Opens a pretrained encoder without a head.
   *
   * @throws BundleException where it or the device cannot be used
   */
  public static EmbeddingModel openEncoder(EncoderSpec encoder, ModelSettings settings) {
    if (encoder.kind() != EncoderSpec.Kind.BERT) {
      throw new BundleException(
          "Only encoders of kind bert can be opened without a head; %s is a torchscript archive."
              .formatted(encoder.source()));
    }
    Device device = TorchEngine.device(settings.device());
    boolean bf16 = TorchEngine.bf16(settings.dtype(), device);
    Path archive = Archive.of(encoder, null, bf16, settings.cacheDir());
    return new TorchEmbeddingModel(
        encoder,
        new SequenceTokenizer(Archive.tokenizer(encoder), encoder.maxTokens()),
        new Batcher(
            "palate-encoder",
            () -> new TorchForward(archive, device),
            settings.batchTokens(),
            Integer.MAX_VALUE,
            Clock.systemUTC()),
        settings.batchTokens());
  }
}
