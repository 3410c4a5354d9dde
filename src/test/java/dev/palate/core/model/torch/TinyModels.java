package dev.palate.core.model.torch;

import ai.djl.Device;
import dev.palate.core.bundle.AtomicFiles;
import dev.palate.core.bundle.Bundle;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.ExpertCard;
import dev.palate.core.bundle.Hashes;
import dev.palate.core.bundle.Head;
import dev.palate.core.bundle.StyleFeatures;
import dev.palate.core.bundle.Tensor;
import dev.palate.core.bundle.UserPrior;
import dev.palate.core.runtime.RewardModels;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** BERTs of 2 layers and width 24 or 32 with random weights, under the real tokenizer. */
public final class TinyModels {

  private static final int LAYERS = 2;
  private static final int WIDTH = 32;
  private static final int INNER = 64;
  private static final int HEADS = 4;
  private static final int TOKENS = 64;
  private static final int WORDS = 30_522;

  private final Random random;

  private TinyModels(long seed) {
    this.random = new Random(seed);
  }

  /** Encoder and a random head of K experts, ready to be trained. */
  public static TrainableModel trainable(
      Path dir, int k, EncoderSpec.ResponseInput responseInput, long seed) throws IOException {
    Path archive = archive(dir, k, seed);
    EncoderSpec tokenizer = RewardModels.defaultEncoder(responseInput);
    return new TrainableModel(
        archive,
        Device.cpu(),
        new EncoderSpec(EncoderSpec.Kind.TORCHSCRIPT, "tiny.pt", "", WIDTH, TOKENS, responseInput),
        Archive.tokenizer(tokenizer));
  }

  /** Encoder and a random head of K experts. */
  static Path archive(Path dir, int k, long seed) throws IOException {
    TinyModels tiny = new TinyModels(seed);
    Path archive = dir.resolve("tiny.pt");
    try (OutputStream out = Files.newOutputStream(archive)) {
      TorchScriptWriter.write(
          out,
          new TorchScriptWriter.Encoder(tiny.encoder(), HEADS, 1e-12, EncoderSpec.Pooling.MEAN),
          new LinkedHashMap<>(),
          TorchScriptWriter.headTensors(tiny.head(k)),
          false);
    }
    return archive;
  }

  /**
   * An encoder of kind {@code bert}, as its Maven artifact would bring it, with the style features:
   * put among the test classes, where the class path finds it.
   */
  public static EncoderSpec onClassPath(EncoderSpec.ResponseInput responseInput) {
    EncoderSpec real = RewardModels.defaultEncoder(responseInput);
    byte[] onnx = new TinyOnnx(3).encode();
    try {
      Path classes =
          Path.of(TinyModels.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      AtomicFiles.write(classes.resolve("tiny-bert.onnx"), file -> Files.write(file, onnx));
      AtomicFiles.write(
          classes.resolve("tiny-bert-tokenizer.json"),
          file -> Files.write(file, Archive.tokenizer(real)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return new EncoderSpec(
        EncoderSpec.Kind.BERT,
        "classpath:tiny-bert",
        Hashes.of(onnx),
        TinyOnnx.WIDTH + StyleFeatures.NAMES.size(),
        TinyOnnx.TOKENS,
        responseInput,
        StyleFeatures.NAMES);
  }

  /** Writes a bundle of kind {@code torchscript} with K random experts. */
  public static Bundle ownArchive(Path dir, int k) throws IOException {
    Files.createDirectories(dir);
    try (TrainableModel model = trainable(dir, k, EncoderSpec.ResponseInput.RESPONSE, 1)) {
      return Bundles.write(dir, bundle(k, model.write(dir)));
    }
  }

  /** A bundle whose numbers are of no matter, to be given a trained encoder. */
  public static Bundle bundle(int k, EncoderSpec encoder) {
    return bundle(k, encoder, null);
  }

  public static Bundle bundle(int k, EncoderSpec encoder, @Nullable Head head) {
    double[][] covariance = new double[k][k];
    double[] meanRouting = new double[k];
    List<ExpertCard> cards = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      covariance[i][i] = 1;
      meanRouting[i] = 1.0 / k;
      cards.add(new ExpertCard(i, "expert " + i, "Tiny.", 1.0 / k, List.of(), List.of()));
    }
    return new Bundle(
        "tiny",
        "",
        encoder,
        head,
        1,
        0,
        k,
        new UserPrior(new double[k], covariance),
        meanRouting,
        cards,
        List.of(),
        Map.of());
  }

  private SequencedMap<String, Tensor> encoder() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("words", normal(WORDS, WIDTH));
    tensors.put("positions", normal(TOKENS, WIDTH));
    tensors.put("embed_norm_w", filled(1, WIDTH));
    tensors.put("embed_norm_b", filled(0, WIDTH));
    tensors.put("qkv_w", normal(LAYERS, 3 * WIDTH, WIDTH));
    tensors.put("qkv_b", filled(0, LAYERS, 3 * WIDTH));
    tensors.put("attn_out_w", normal(LAYERS, WIDTH, WIDTH));
    tensors.put("attn_out_b", filled(0, LAYERS, WIDTH));
    tensors.put("attn_norm_w", filled(1, LAYERS, WIDTH));
    tensors.put("attn_norm_b", filled(0, LAYERS, WIDTH));
    tensors.put("up_w", normal(LAYERS, INNER, WIDTH));
    tensors.put("up_b", filled(0, LAYERS, INNER));
    tensors.put("down_w", normal(LAYERS, WIDTH, INNER));
    tensors.put("down_b", filled(0, LAYERS, WIDTH));
    tensors.put("out_norm_w", filled(1, LAYERS, WIDTH));
    tensors.put("out_norm_b", filled(0, LAYERS, WIDTH));
    return tensors;
  }

  private Head head(int k) {
    return new Head(
        normal(8, WIDTH).rows(),
        new float[8],
        normal(k, 8).rows(),
        new float[k],
        normal(k, WIDTH).rows());
  }

  private Tensor normal(int... shape) {
    Tensor tensor = filled(0, shape);
    for (int i = 0; i < tensor.values().length; i++) {
      tensor.values()[i] = (float) (random.nextGaussian() / Math.sqrt(WIDTH));
    }
    return tensor;
  }

  private static Tensor filled(float value, int... shape) {
    int n = 1;
    for (int length : shape) {
      n *= length;
    }
    float[] values = new float[n];
    Arrays.fill(values, value);
    return new Tensor(shape, values);
  }
}
