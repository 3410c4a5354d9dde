package dev.palate.training;

import dev.palate.reward.EmbeddingModel;
import dev.palate.reward.EncoderSpec;
import dev.palate.reward.ModelSettings;
import dev.palate.reward.RewardModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Brings pairs and the encoder together, through the cache on disk. */
public final class EncodedData {

  private EncodedData() {}

  /**
   * Embeds what the cache does not hold and gives the pairs with their rows.
   *
   * @param settings its cache directory holds the encoding cache too
   * @param arena as long as it is open, the rows can be read
   */
  public static EncodedPairs of(
      TrainingData data, EncoderSpec encoder, ModelSettings settings, Arena arena) {
    Path file =
        settings.cacheDir().resolve("encodings").resolve(fileName(encoder, settings.dtype()));
    try (EncodingStore store = EncodingStore.open(file, encoder.dimension())) {
      PairEncoder pairs = new PairEncoder(store, encoder.responseInput()).add(data.pairs());
      if (pairs.missing() > 0) {
        encode(pairs, encoder, settings);
      }
      return pairs.encoded(data.pairs(), arena);
    } catch (IOException e) {
      throw new UncheckedIOException("the encoding cache '" + file + "' cannot be used", e);
    }
  }

  private static void encode(PairEncoder pairs, EncoderSpec encoder, ModelSettings settings)
      throws IOException {
    try (EmbeddingModel model = RewardModels.openEncoder(encoder, settings);
        ProgressBar progress =
            new ProgressBarBuilder()
                .setTaskName("Encoding")
                .setInitialMax(pairs.missing())
                .setUpdateIntervalMillis(1000)
                .setUnit(" texts", 1)
                .build()) {
      pairs.encode(model, progress::stepBy);
    }
  }

  /** All that decides an embedding is in the name. */
  private static String fileName(EncoderSpec encoder, ModelSettings.Dtype dtype) {
    String key =
        encoder.sha256()
            + ' '
            + encoder.maxTokens()
            + ' '
            + encoder.dimension()
            + ' '
            + encoder.responseInput()
            + ' '
            + encoder.styleFeatures()
            + ' '
            + dtype;
    byte[] hash = TextHash.sha256().digest(key.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 8) + ".rows";
  }
}
