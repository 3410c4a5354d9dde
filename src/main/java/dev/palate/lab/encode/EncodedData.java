package dev.palate.lab.encode;

import dev.palate.core.bundle.EncoderSpec;
import dev.palate.core.bundle.EncoderSpec.ResponseInput;
import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import dev.palate.core.traits.InteractionFeatures;
import dev.palate.lab.data.DataException;
import dev.palate.lab.data.TextHash;
import dev.palate.lab.data.TrainingData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Brings pairs and the encoder together, through the cache on disk. */
public final class EncodedData {

  private EncodedData() {}

  /**
   * Embeds what the cache does not hold and gives the pairs with their rows; where the encoder's
   * spec names interaction layers, their interactions too.
   *
   * @param settings its cache directory holds the encoding cache too
   * @param arena as long as it is open, the rows can be read
   */
  public static EncodedPairs of(
      TrainingData data, EncoderSpec encoder, ModelSettings settings, Arena arena) {
    boolean remote = encoder.kind() == EncoderSpec.Kind.REMOTE;
    String dtype = remote ? "as served" : settings.dtype() + "";
    Path file = settings.cacheDir().resolve("encodings").resolve(fileName(encoder, dtype));
    if (remote) {
      requireSameModel(file, encoder);
    }
    Supplier<EmbeddingModel> model = () -> RewardModels.openEncoder(encoder, settings);
    EncodedPairs.Interactions interactions =
        encoder.readsInteraction() ? interactions(data, file, encoder, model, arena) : null;
    EncodedPairs encoded =
        read(
            data,
            file,
            new Reader("Encoding", encoder.dimension(), encoder.responseInput(), model),
            arena);
    return interactions == null ? encoded : encoded.with(interactions);
  }

  /**
   * Reads the pairs apart where their interactions are missing, which gives embeddings too.
   *
   * @param file of the embeddings
   */
  private static EncodedPairs.Interactions interactions(
      TrainingData data,
      Path file,
      EncoderSpec encoder,
      Supplier<EmbeddingModel> model,
      Arena arena) {
    if (encoder.responseInput() != EncoderSpec.ResponseInput.RESPONSE) {
      throw new DataException(
          "interaction layers compare texts that are read apart; choose --response-input response");
    }
    String layers =
        encoder.interactionLayers().stream().map(String::valueOf).collect(Collectors.joining("-"));
    Path own =
        file.resolveSibling(
            file.getFileName().toString().replace(".rows", ".layers-" + layers + ".rows"));
    int width = encoder.interactionLayers().size() * InteractionFeatures.PER_LAYER;
    try (EncodingStore store = EncodingStore.open(own, width);
        EncodingStore texts = EncodingStore.open(file, encoder.dimension())) {
      InteractionEncoder pairs = new InteractionEncoder(store, texts).add(data.pairs());
      if (pairs.missing() > 0) {
        try (EmbeddingModel opened = model.get();
            ProgressBar progress = progress("Comparing", pairs.missing(), " responses")) {
          pairs.encode(opened, progress::stepBy);
        }
      }
      return pairs.encoded(data.pairs(), arena);
    } catch (IOException e) {
      throw new UncheckedIOException("the encoding cache '" + own + "' cannot be used", e);
    }
  }

  /**
   * What a bundle's own archive ({@code torchscript}) says of the pairs; its answers are kept on
   * disk as embeddings are.
   *
   * @param bundleDir where the archive is
   * @param experts K
   */
  public static PairScores scores(
      TrainingData data, Path bundleDir, EncoderSpec encoder, int experts, ModelSettings settings) {
    try (Arena arena = Arena.ofConfined()) {
      EncodedPairs answers =
          read(
              data,
              settings.cacheDir().resolve("scores").resolve(fileName(encoder, "as exported")),
              new Reader(
                  "Scoring",
                  2 * experts,
                  encoder.responseInput(),
                  () -> RewardModels.openArchive(bundleDir, encoder, experts, settings)),
              arena);
      return PairScores.ofAnswers(answers);
    }
  }

  /** What reads the texts, and how long its rows are. */
  private record Reader(
      String task, int dimension, ResponseInput responseInput, Supplier<EmbeddingModel> model) {}

  private static EncodedPairs read(TrainingData data, Path file, Reader reader, Arena arena) {
    try (EncodingStore store = EncodingStore.open(file, reader.dimension())) {
      PairEncoder pairs = new PairEncoder(store, reader.responseInput()).add(data.pairs());
      if (pairs.missing() > 0) {
        encode(pairs, reader);
      }
      return pairs.encoded(data.pairs(), arena);
    } catch (IOException e) {
      throw new UncheckedIOException("the encoding cache '" + file + "' cannot be used", e);
    }
  }

  private static void encode(PairEncoder pairs, Reader reader) throws IOException {
    try (EmbeddingModel model = reader.model().get();
        ProgressBar progress = progress(reader.task(), pairs.missing(), " texts")) {
      pairs.encode(model, progress::stepBy);
    }
  }

  private static ProgressBar progress(String task, int steps, String unit) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(steps)
        .setUpdateIntervalMillis(1000)
        .setUnit(unit, 1)
        .build();
  }

  /**
   * A remote encoder's name alone does not say what its rows were made by: its fingerprint lies
   * beside them.
   */
  private static void requireSameModel(Path rows, EncoderSpec encoder) {
    Path file = rows.resolveSibling(rows.getFileName() + ".fingerprint");
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, encoder.fingerprint().stream().map(String::valueOf).toList());
      } else if (!encoder.knows(Files.readAllLines(file).stream().map(Double::valueOf).toList())) {
        throw new DataException(
            "the encodings in '%s' were made by another model of the name '%s'; delete it and '%s'"
                .formatted(rows, encoder.source(), file.getFileName()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the encoding cache '" + rows + "' cannot be used", e);
    }
  }

  /** How prompts are read where it is not as any text; the layers do not change an embedding. */
  private static String prompts(EncoderSpec encoder) {
    String limit =
        encoder.maxPromptTokens() == encoder.maxTokens() ? "" : " " + encoder.maxPromptTokens();
    return limit + (encoder.readsInteraction() ? " by turns" : "");
  }

  /** All that decides an embedding is in the name. */
  private static String fileName(EncoderSpec encoder, String dtype) {
    String key =
        (encoder.kind() == EncoderSpec.Kind.REMOTE
                ? "remote " + encoder.source()
                : encoder.sha256())
            + ' '
            + encoder.maxTokens()
            + ' '
            + encoder.dimension()
            + ' '
            + encoder.responseInput()
            + ' '
            + encoder.styleFeatures()
            + ' '
            + dtype
            + (encoder.pooling() == EncoderSpec.Pooling.MEAN ? "" : " " + encoder.pooling())
            + (encoder.settingsSha256().isEmpty() ? "" : " " + encoder.settingsSha256())
            + prompts(encoder);
    byte[] hash = TextHash.sha256().digest(key.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 8) + ".rows";
  }
}
