package dev.palate.core.runtime;

import ai.djl.Device;
import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.StyleFeatures;
import dev.palate.core.encoder.BertWeights;
import dev.palate.core.encoder.EncoderFiles;
import dev.palate.core.encoder.SequenceTokenizer;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.PassageModel;
import dev.palate.core.model.RewardModel;
import dev.palate.core.model.batching.Batcher;
import dev.palate.core.model.batching.Forward;
import dev.palate.core.model.batching.QueueBound;
import dev.palate.core.model.batching.WarmUp;
import dev.palate.core.model.remote.RemoteEmbeddingModel;
import dev.palate.core.model.remote.RemoteEncoderSettings;
import dev.palate.core.model.remote.RemoteEncoders;
import dev.palate.core.model.remote.RemoteMeters;
import dev.palate.core.model.remote.RemoteRewardModel;
import dev.palate.core.model.torch.Archive;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.model.torch.TorchEmbeddingModel;
import dev.palate.core.model.torch.TorchEngine;
import dev.palate.core.model.torch.TorchForward;
import dev.palate.core.model.torch.TorchRewardModel;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Opens encoders and reward models. */
public final class RewardModels {
  /** The source of {@link #defaultEncoder}. */
  public static final String MINILM = "classpath:all-minilm-l6-v2";

  private static final String MINILM_SHA256 =
      "759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e";

  private static final int MAX_TOKENS = 256;
  private static final int MOST_REMOTE_TOKENS = 1 << 20;

  private RewardModels() {}

  /**
   * all-MiniLM-L6-v2 (Apache-2.0): 384 dimensions, the style features, and the 256 tokens it is
   * meant to be read with.
   */
  public static EncoderSpec defaultEncoder(EncoderSpec.ResponseInput responseInput) {
    return new EncoderSpec(
        EncoderSpec.Kind.BERT,
        MINILM,
        MINILM_SHA256,
        384 + StyleFeatures.NAMES.size(),
        MAX_TOKENS,
        responseInput,
        StyleFeatures.NAMES);
  }

  /**
   * A pretrained encoder by its source, its files read once and checked.
   *
   * @param source as in {@link EncoderSpec}
   * @param maxTokens null: 256, or as many as the encoder has positions for where they are fewer
   * @param styleFeatures whether they follow the embedding
   * @throws BundleException where it is missing, or nothing that Palate can assemble
   */
  public static EncoderSpec encoder(
      String source,
      EncoderSpec.ResponseInput responseInput,
      @Nullable Integer maxTokens,
      boolean styleFeatures) {
    EncoderFiles files = EncoderFiles.of(source);
    String sha256 = files.weightsSha256();
    BertWeights weights = files.read(sha256).weights();
    weights.stack();
    int most = weights.positions();
    int tokens = maxTokens == null ? Math.min(MAX_TOKENS, most) : maxTokens;
    if (tokens < EncoderSpec.MIN_TOKENS || tokens > most) {
      throw new BundleException(
          "The encoder %s reads %d to %d tokens, not %d. Choose --max-tokens among them."
              .formatted(source, EncoderSpec.MIN_TOKENS, most, tokens));
    }
    List<String> style = styleFeatures ? StyleFeatures.NAMES : List.of();
    if (styleFeatures) {
      StyleFeatures.table(files.tokenizer());
    }
    return new EncoderSpec(
        EncoderSpec.Kind.BERT,
        source,
        sha256,
        files.settingsSha256(),
        weights.dimension() + style.size(),
        tokens,
        responseInput,
        style,
        files.pooling());
  }

  /**
   * An encoder that another program serves, asked for one embedding. It has no style features,
   * which are counted from tokens.
   *
   * @param model its name there
   * @param maxTokens null: 256
   * @throws BundleException where it does not answer
   */
  public static EncoderSpec remoteEncoder(
      String model,
      EncoderSpec.ResponseInput responseInput,
      @Nullable Integer maxTokens,
      RemoteEncoderSettings settings) {
    int tokens = maxTokens == null ? MAX_TOKENS : maxTokens;
    if (tokens < EncoderSpec.MIN_TOKENS || tokens > MOST_REMOTE_TOKENS) {
      throw new BundleException(
          "A remote encoder is sent %d to %d tokens of a text, not %d. Choose --max-tokens among them."
              .formatted(EncoderSpec.MIN_TOKENS, MOST_REMOTE_TOKENS, tokens));
    }
    return RemoteEncoders.describe(model, responseInput, tokens, settings);
  }

  /**
   * Opens a pretrained encoder without a head.
   *
   * @throws BundleException where it or the device cannot be used
   */
  public static EmbeddingModel openEncoder(EncoderSpec encoder, ModelSettings settings) {
    if (encoder.kind() == EncoderSpec.Kind.REMOTE) {
      return new RemoteEmbeddingModel(
          encoder, RemoteEncoders.open(encoder, settings.remote(), RemoteMeters.none()));
    }
    if (encoder.kind() != EncoderSpec.Kind.BERT) {
      throw new BundleException(
          "Only encoders of kind bert or remote can be opened without a head; %s is a torchscript archive."
              .formatted(encoder.source()));
    }
    Device device = TorchEngine.device(settings.device());
    boolean bf16 = TorchEngine.bf16(settings.dtype(), device);
    Path archive = Archive.of(encoder, null, bf16, settings.cacheDir());
    return bulk(
        encoder, encoder.dimension(), archive, Archive.tokenizer(encoder), device, settings);
  }

  /**
   * Opens a bundle's own archive ({@code torchscript}) for long lists of texts: instead of its
   * embedding, a text's row is what the archive answers, 2K numbers, rewards then routing logits.
   *
   * @param experts K
   * @throws BundleException where it or the device cannot be used
   */
  public static EmbeddingModel openArchive(
      Path bundleDir, EncoderSpec encoder, int experts, ModelSettings settings) {
    return bulk(
        encoder,
        2 * experts,
        Archive.own(bundleDir, encoder),
        Archive.ownTokenizer(bundleDir, encoder),
        TorchEngine.device(settings.device()),
        settings);
  }

  /**
   * Says at once that a device cannot be had, before work is done that would be lost.
   *
   * @throws BundleException where it cannot be used
   */
  public static void requireDevice(TorchDevice device) {
    TorchEngine.device(device);
  }

  private static EmbeddingModel bulk(
      EncoderSpec encoder,
      int dimension,
      Path archive,
      byte[] tokenizerJson,
      Device device,
      ModelSettings settings) {
    SequenceTokenizer tokenizer = SequenceTokenizer.of(encoder, tokenizerJson);
    Batcher batcher =
        open(
            "palate-encoder",
            List.of(() -> new TorchForward(archive, device, tokenizer.padding())),
            settings.batchTokens(),
            QueueBound.NONE,
            tokenizer);
    return new TorchEmbeddingModel(encoder, dimension, tokenizer, batcher, settings.batchTokens());
  }

  /**
   * Scores a few texts on a bundle and writes the answers beside it, so that wherever it is loaded
   * later, the same is asked for.
   *
   * @param settings best with fp32
   * @return how many texts
   * @throws BundleException where it or the device cannot be used
   */
  public static int writeGolden(Path bundleDir, ModelSettings settings) {
    try (RewardModel model = openUnchecked(bundleDir, settings, RemoteMeters.none())) {
      return GoldenScores.write(bundleDir, model).items().stream()
          .mapToInt(item -> 1 + item.responses().size())
          .sum();
    }
  }

  /**
   * Loads a bundle: verified, assembled or found in the cache, warmed up by real forward passes.
   *
   * @throws BundleException where it or the device cannot be used
   */
  public static RewardModel load(Path bundleDir, ModelSettings settings) {
    return open(bundleDir, settings);
  }

  public static PassageModel open(Path bundleDir, ModelSettings settings) {
    return open(bundleDir, settings, RemoteMeters.none());
  }

  /** As {@link #load}; held against its golden scores, where the bundle has them. */
  public static PassageModel open(Path bundleDir, ModelSettings settings, RemoteMeters meters) {
    PassageModel model = openUnchecked(bundleDir, settings, meters);
    try {
      GoldenScores.check(bundleDir, model);
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static PassageModel openUnchecked(
      Path bundleDir, ModelSettings settings, RemoteMeters meters) {
    Bundle bundle = Bundles.read(bundleDir);
    PassageModel read = openRouted(bundleDir, bundle, settings, meters);
    PassageModel routed =
        bundle.pair() == null ? read : new PairFeatureModel(read, bundle.pair());
    return bundle.shared() == null ? routed : new SharedExpertModel(routed, bundle.shared());
  }

  private static PassageModel openRouted(
      Path bundleDir, Bundle bundle, ModelSettings settings, RemoteMeters meters) {
    EncoderSpec encoder = bundle.encoder();
    if (encoder.kind() == EncoderSpec.Kind.REMOTE) {
      return new RemoteRewardModel(
          bundle,
          Objects.requireNonNull(bundle.head()),
          RemoteEncoders.open(encoder, settings.remote(), meters),
          settings.queueTokens());
    }
    List<Device> devices = TorchEngine.devices(settings.device());
    Device device = devices.getFirst();
    boolean assembled = encoder.kind() == EncoderSpec.Kind.BERT;
    boolean bf16 = assembled && TorchEngine.bf16(settings.dtype(), device);
    Path archive =
        assembled
            ? Archive.of(bundleDir, bundle, bf16, settings.cacheDir())
            : Archive.own(bundleDir, encoder);
    SequenceTokenizer tokenizer =
        SequenceTokenizer.of(
            encoder,
            assembled ? Archive.tokenizer(encoder) : Archive.ownTokenizer(bundleDir, encoder));
    return new TorchRewardModel(
        bundle,
        new RewardModel.Placement(
            devices.stream().map(RewardModels::name).collect(Collectors.joining(", ")),
            assembled ? (bf16 ? "bf16" : "fp32") : "as exported",
            encoder.maxTokens()),
        tokenizer,
        open(
            "palate-forward",
            devices.stream().map(each -> warm(archive, each, bundle, tokenizer.padding())).toList(),
            settings.batchTokens(),
            new QueueBound(settings.queueTokens(), settings.queueTime()),
            tokenizer));
  }

  /**
   * Writes the archive in bf16 where that is asked for and does not run here: an image is built on
   * one machine and runs on others.
   *
   * @return whether it did; false: {@link #load} does it
   * @throws BundleException where the bundle cannot be used
   */
  public static boolean assembleForElsewhere(Path bundleDir, ModelSettings settings) {
    if (settings.dtype() != TorchDtype.BF16
        || TorchEngine.runsBf16(TorchEngine.device(settings.device()))) {
      return false;
    }
    Bundle bundle = Bundles.read(bundleDir);
    if (bundle.encoder().kind() != EncoderSpec.Kind.BERT) {
      return false;
    }
    Archive.of(bundleDir, bundle, true, settings.cacheDir());
    return true;
  }

  private static String name(Device device) {
    return device.isGpu() ? "gpu(" + device.getDeviceId() + ")" : "cpu";
  }

  private static Supplier<Forward> warm(Path archive, Device device, Bundle bundle, int padding) {
    int width = 2 * bundle.routedCount();
    EncoderSpec encoder = bundle.encoder();
    int states = encoder.interactionLayers().size() * encoder.embeddingDimension();
    return () ->
        WarmUp.of(
            new TorchForward(archive, device, padding), longest(encoder), width, states);
  }

  private static int longest(EncoderSpec encoder) {
    return Math.max(encoder.maxTokens(), encoder.maxPromptTokens());
  }

  /** Opens the model on forward threads of its own; where it fails, nothing stays open. */
  private static Batcher open(
      String thread,
      List<Supplier<Forward>> models,
      int batchTokens,
      QueueBound bound,
      SequenceTokenizer tokenizer) {
    try {
      return new Batcher(thread, models, batchTokens, bound, Clock.systemUTC());
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }
}
