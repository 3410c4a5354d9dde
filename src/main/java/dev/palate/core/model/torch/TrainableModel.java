package dev.palate.core.model.torch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.util.Pair;
import dev.palate.core.bundle.AtomicFiles;
import dev.palate.core.bundle.BundleException;
import dev.palate.core.bundle.Bundles;
import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.Hashes;
import dev.palate.core.bundle.Head;
import dev.palate.core.encoder.Sequence;
import dev.palate.core.encoder.SequenceTokenizer;
import dev.palate.core.model.Prompt;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Encoder and head as one module whose weights can be moved: what fine-tuning stands on. The engine
 * keeps memory for every thread that runs it, so one thread must make all calls.
 */
public final class TrainableModel implements AutoCloseable {

  /** The parameter whose row k makes expert k's reward, and is a factor of it. */
  private static final String EXPERTS = "experts_w";

  private final Model model;
  private final PtSymbolBlock block;
  private final EncoderSpec encoder;
  private final byte[] tokenizerJson;
  private final SequenceTokenizer tokenizer;

  /**
   * What the module says of n pairs.
   *
   * @param routing logits, {@code float[n, k]}
   * @param chosen expert rewards of the chosen responses, {@code float[n, k]}
   * @param rejected the same of the rejected ones
   */
  public record Outputs(NDArray routing, NDArray chosen, NDArray rejected) {}

  /** What is to be made small. */
  public interface Objective {
    /** A scalar, made of the outputs by operations that the engine can differentiate. */
    NDArray of(Outputs outputs);
  }

  /**
   * Numbers of n pairs.
   *
   * @param margins D, {@code float[n][k]}
   * @param routing dense, {@code float[n][k]}
   */
  public record Scores(float[][] margins, float[][] routing) {}

  TrainableModel(Path archive, Device device, EncoderSpec encoder, byte[] tokenizerJson) {
    this.encoder = encoder;
    this.tokenizerJson = tokenizerJson;
    this.model = Model.newInstance("palate", device, TorchEngine.NAME);
    // a weight can only be moved where no gradient is taken, and the engine sees to that for the
    // thread it was started on alone
    JniUtils.setGradMode(false);
    try {
      String file = archive.getFileName().toString();
      model.load(
          archive.toAbsolutePath().getParent(),
          file.replaceFirst("\\.pt$", ""),
          Map.of("trainParam", "true"));
      this.block = (PtSymbolBlock) model.getBlock();
      this.tokenizer = SequenceTokenizer.of(encoder, tokenizerJson);
    } catch (IOException | MalformedModelException e) {
      model.close();
      throw new BundleException("%s cannot be loaded: %s".formatted(archive, e.getMessage()), e);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * Opens an encoder of kind {@code bert} with a head, in fp32.
   *
   * @throws BundleException where it or the device cannot be used
   */
  public static TrainableModel open(EncoderSpec encoder, Head head, TorchDevice on, Path cacheDir) {
    if (encoder.kind() != EncoderSpec.Kind.BERT) {
      throw new BundleException("Only encoders of kind bert can be fine-tuned.");
    }
    if (encoder.readsInteraction()) {
      throw new BundleException("An encoder with interaction layers cannot be fine-tuned.");
    }
    Device device = TorchEngine.device(on);
    Path archive = Archive.of(encoder, head, false, cacheDir);
    return new TrainableModel(archive, device, encoder, Archive.tokenizer(encoder));
  }

  /**
   * Opens what {@link #write} wrote.
   *
   * @throws BundleException where it or the device cannot be used
   */
  public static TrainableModel open(Path bundleDir, EncoderSpec encoder, TorchDevice on) {
    return new TrainableModel(
        Archive.own(bundleDir, encoder),
        TorchEngine.device(on),
        encoder,
        Archive.ownTokenizer(bundleDir, encoder));
  }

  /**
   * Moves all weights one step against the gradient of the objective on these pairs.
   *
   * @return the objective before the step; where it is not finite, no weight was moved
   */
  public double step(
      List<Prompt> prompts,
      List<String> chosen,
      List<String> rejected,
      Objective objective,
      Optimizer optimizer) {
    double value;
    try (GradientTurn _ = GradientTurn.take();
        NDManager manager = model.getNDManager().newSubManager()) {
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        NDArray loss = objective.of(forward(manager, prompts, chosen, rejected, true));
        collector.backward(loss);
        value = loss.getFloat();
      }
      if (!Double.isFinite(value)) {
        return value;
      }
      for (Pair<String, Parameter> parameter : block.getParameters()) {
        NDArray weight = parameter.getValue().getArray();
        try (NDArray gradient = weight.getGradient()) {
          optimizer.update(parameter.getKey(), weight, gradient);
          // the next backward pass adds to what it finds
          gradient.muli(0);
        }
      }
    }
    return value;
  }

  /**
   * Multiplies each expert's rewards.
   *
   * @param factors {@code double[k]}
   */
  public void scaleExperts(double[] factors) {
    Parameter experts = block.getParameters().get(EXPERTS);
    if (experts == null) {
      throw new BundleException("%s has no parameter %s".formatted(encoder.source(), EXPERTS));
    }
    float[] column = new float[factors.length];
    for (int k = 0; k < column.length; k++) {
      column[k] = (float) factors[k];
    }
    try (NDManager manager = model.getNDManager().newSubManager()) {
      experts.getArray().muli(manager.create(column, new Shape(column.length, 1)));
    }
  }

  /** Scores pairs without learning from them. */
  public Scores score(List<Prompt> prompts, List<String> chosen, List<String> rejected) {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      Outputs outputs = forward(manager, prompts, chosen, rejected, false);
      return new Scores(
          rows(outputs.chosen().sub(outputs.rejected())), rows(outputs.routing().softmax(1)));
    }
  }

  private Outputs forward(
      NDManager manager,
      List<Prompt> prompts,
      List<String> chosen,
      List<String> rejected,
      boolean training) {
    List<String> promptTexts = prompts.stream().map(Prompt::text).toList();
    List<Sequence> sequences = new ArrayList<>(tokenizer.prompts(promptTexts));
    sequences.addAll(responses(promptTexts, chosen));
    sequences.addAll(responses(promptTexts, rejected));
    int length = sequences.stream().mapToInt(Sequence::length).max().orElseThrow();
    long[] ids = new long[sequences.size() * length];
    long[] mask = new long[ids.length];
    for (int i = 0; i < sequences.size(); i++) {
      int[] sequence = sequences.get(i).ids();
      for (int t = 0; t < sequence.length; t++) {
        ids[i * length + t] = sequence[t];
        mask[i * length + t] = 1;
      }
    }
    Shape shape = new Shape(sequences.size(), length);
    NDList inputs = new NDList(manager.create(ids, shape), manager.create(mask, shape));
    NDList answer = block.forward(new ParameterStore(manager, false), inputs, training);
    answer.attach(manager);
    return split(answer.singletonOrThrow(), prompts.size());
  }

  private List<Sequence> responses(List<String> prompts, List<String> responses) {
    return switch (encoder.responseInput()) {
      case RESPONSE -> tokenizer.single(responses);
      case PROMPT_AND_RESPONSE -> tokenizer.pairs(prompts, responses);
    };
  }

  /** Rows of {@code [3n, 2k]}: prompts, chosen, rejected; columns: rewards, routing logits. */
  private static Outputs split(NDArray answer, int n) {
    long k = answer.getShape().get(1) / 2;
    return new Outputs(
        answer.get(new NDIndex("0:{}, {}:", n, k)),
        answer.get(new NDIndex("{}:{}, 0:{}", n, 2 * n, k)),
        answer.get(new NDIndex("{}:, 0:{}", 2 * n, k)));
  }

  private static float[][] rows(NDArray matrix) {
    float[] flat = matrix.toFloatArray();
    int columns = Math.toIntExact(matrix.getShape().get(1));
    float[][] rows = new float[flat.length / columns][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
    }
    return rows;
  }

  /**
   * Writes the module as it is now, with its tokenizer, as a bundle of kind {@code torchscript}
   * holds them.
   *
   * @return the encoder as the bundle's manifest must name it
   */
  public EncoderSpec write(Path bundleDir) {
    Path archive = bundleDir.resolve(Bundles.OWN_ARCHIVE);
    try {
      AtomicFiles.write(
          archive,
          file -> {
            try (OutputStream out = Files.newOutputStream(file)) {
              JniUtils.writeModule(block, out, false);
            }
          });
      AtomicFiles.write(
          bundleDir.resolve(Bundles.OWN_TOKENIZER), file -> Files.write(file, tokenizerJson));
      return new EncoderSpec(
              EncoderSpec.Kind.TORCHSCRIPT,
              Bundles.OWN_ARCHIVE,
              Hashes.of(archive),
              "",
              encoder.dimension(),
              encoder.maxTokens(),
              encoder.responseInput(),
              encoder.styleFeatures(),
              encoder.pooling())
          .withInteraction(List.of(), encoder.maxPromptTokens());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + archive, e);
    }
  }

  @Override
  public void close() {
    tokenizer.close();
    model.close();
  }
}
