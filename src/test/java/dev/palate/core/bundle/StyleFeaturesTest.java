package dev.palate.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.palate.core.model.EmbeddingModel;
import dev.palate.core.model.torch.TorchDevice;
import dev.palate.core.model.torch.TorchDtype;
import dev.palate.core.runtime.ModelSettings;
import dev.palate.core.runtime.RewardModels;
import dev.palate.tier.NeedsEngine;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsEngine
class StyleFeaturesTest {

  private static final EncoderSpec ENCODER =
      RewardModels.defaultEncoder(EncoderSpec.ResponseInput.RESPONSE);

  @TempDir Path cache;

  @Test
  void theArchiveCountsWhatTheTokensSay() {
    Map<String, Integer> counts =
        counts("Sorry, maybe I should not ask: why 7 dogs, and not 12? Well! Perhaps you know.");

    // sorry , maybe i should not ask : why 7 dogs , and not 12 ? well ! perhaps you know .
    assertThat(counts)
        .containsEntry("length", 22)
        .containsEntry("sentences", 3)
        .containsEntry("questions", 1)
        .containsEntry("exclamations", 1)
        .containsEntry("commas", 2)
        .containsEntry("list_marks", 1)
        .containsEntry("numbers", 2)
        .containsEntry("first_person", 1)
        .containsEntry("second_person", 1)
        .containsEntry("negations", 2)
        .containsEntry("hedges", 2)
        .containsEntry("courtesies", 1)
        .containsEntry("quotes", 0);
  }

  @Test
  void paddingAndFramesCountForNothing() {
    try (EmbeddingModel model = open()) {
      float[][] rows =
          model.embed(List.of("", "A longer text beside it, to be padded for."), d -> {});
      for (int j = ENCODER.embeddingDimension(); j < ENCODER.dimension(); j++) {
        assertThat(rows[0][j]).isZero();
      }
    }
  }

  @Test
  void anEncoderWithoutStyleFeaturesGivesTheEmbeddingAlone() {
    EncoderSpec bare = ENCODER.withoutStyleFeatures();
    String text = "The same text.";
    try (EmbeddingModel with = open();
        EmbeddingModel without = RewardModels.openEncoder(bare, settings())) {
      float[] whole = with.embed(List.of(text), d -> {})[0];
      float[] alone = without.embed(List.of(text), d -> {})[0];

      assertThat(alone).hasSize(384);
      for (int j = 0; j < alone.length; j++) {
        assertThat(whole[j]).isCloseTo(alone[j], within(1e-6f));
      }
    }
  }

  private Map<String, Integer> counts(String text) {
    try (EmbeddingModel model = open()) {
      float[] row = model.embed(List.of(text), d -> {})[0];
      Map<String, Integer> counts = new LinkedHashMap<>();
      for (int f = 0; f < StyleFeatures.NAMES.size(); f++) {
        double value = row[ENCODER.embeddingDimension() + f];
        counts.put(StyleFeatures.NAMES.get(f), (int) Math.round(Math.expm1(value)));
      }
      return counts;
    }
  }

  private EmbeddingModel open() {
    return RewardModels.openEncoder(ENCODER, settings());
  }

  private ModelSettings settings() {
    return new ModelSettings(TorchDevice.CPU, TorchDtype.FP32, cache, 2048, 65_536);
  }
}
